import { Agent as HttpAgent, type ClientRequest, request as requestPlainly } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as TlsAgentOptions, request as requestByTls } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as startTls, type ConnectionOptions, type SecureContext } from 'node:tls';
import { type Destination, type Proxy, proxyFor } from './proxies';
import { ProxyRefused, ProxySilent } from './proxy-problems';

/** Milliseconds for a proxy to have reached the other side: less than an API call or a WebSocket waits, which could not say who is silent. */
const CONNECT_TIMEOUT = 4_500;

/** What Node hands to an agent: the destination among much else. */
interface RequestOptions {
  readonly host?: string | null;
  readonly port?: string | number | null;
  readonly defaultPort?: string | number | null;
}
type Way = Duplex | null | undefined;
type Connected = (error: Error | null, socket?: any) => void;
/** What Node calls for each request, and its documentation does not tell; so do all the agents that there are for proxies. */
type AddRequest = (request: ClientRequest, options: RequestOptions) => void;

/** Connects by TLS: through the proxy that the environment names for a host at that moment, or directly. */
export class TlsAgent extends HttpsAgent {
  createConnection(options: any, connected: Connected): any {
    return byProxy(destinationOf('https:', options), this.options, {
      connected,
      directly: () => super.createConnection(options, connected),
      finish: (socket) => startTls({ ...options as ConnectionOptions, socket }),
    });
  }
}

/**
 * The same without TLS. A proxy is asked for what is wanted, as curl and the AWS CLI do, since many let nobody through to another port than 443;
 * only for a WebSocket it is asked to let through.
 */
export class PlainAgent extends HttpAgent {
  private readonly toProxy: Readonly<Record<string, HttpAgent>>;

  constructor(private readonly trusting: TlsAgentOptions) {
    super(trusting);
    this.toProxy = { 'http:': new HttpAgent(trusting), 'https:': new HttpsAgent(trusting) };
  }

  addRequest(request: ClientRequest, options: RequestOptions): void {
    const destination = destinationOf('http:', options);
    const proxy = request.hasHeader('upgrade') ? undefined : proxyFor(destination);
    if (proxy === undefined) return addRequest(HttpAgent.prototype, this, request, options);
    const { protocol, host, port, authorization } = proxy;
    request.path = `http://${authority(destination)}${request.path}`;
    if (authorization !== undefined) request.setHeader('proxy-authorization', authorization);
    const agent = this.toProxy[protocol]!;
    addRequest(agent, agent, request, { ...options, host, port });
  }

  createConnection(options: any, connected: Connected): any {
    return byProxy(destinationOf('http:', options), this.trusting, {
      connected,
      directly: () => super.createConnection(options, connected),
      finish: (socket) => socket,
    });
  }

  destroy(): void {
    super.destroy();
    for (const agent of Object.values(this.toProxy)) agent.destroy();
  }
}

function addRequest(from: object, agent: HttpAgent, request: ClientRequest, options: RequestOptions): void {
  (from as { addRequest: AddRequest }).addRequest.call(agent, request, options);
}

function destinationOf(protocol: Destination['protocol'], { host, port, defaultPort }: RequestOptions): Destination {
  return { protocol, host: host ?? 'localhost', port: String(port ?? defaultPort) };
}

function authority({ host, port }: Destination): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

interface Ways {
  readonly connected: Connected;
  readonly directly: () => Way;
  /** Makes what is needed of a way to the destination. */
  readonly finish: (socket: Duplex) => Duplex;
}

/** Gives the socket where it is there at once, and otherwise says so when it is. */
function byProxy(destination: Destination, { secureContext }: TlsAgentOptions, { connected, directly, finish }: Ways): Way {
  const proxy = proxyFor(destination);
  if (proxy === undefined) return directly();
  letThrough(proxy, destination, secureContext).then((socket) => connected(null, finish(socket)), connected);
  return undefined;
}

/** Asks a proxy for a way to the other side: what goes through it from then on is between the two ends. */
async function letThrough(proxy: Proxy, destination: Destination, secureContext?: SecureContext): Promise<Duplex> {
  const { protocol, host, port, authorization } = proxy;
  const path = authority(destination);
  const request = (protocol === 'https:' ? requestByTls : requestPlainly)({
    method: 'CONNECT',
    host,
    port,
    path,
    agent: false,
    ...(secureContext && { secureContext }),
    headers: { host: path, connection: 'keep-alive', ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
  });
  const timer = setTimeout(() => request.destroy(new Error(`it did not answer within ${CONNECT_TIMEOUT / 1000} s`)), CONNECT_TIMEOUT);
  try {
    return await new Promise((resolve, reject) => {
      request.once('error', (error) => reject(new ProxySilent(proxy, path, error)));
      request.once('connect', ({ statusCode = 0, statusMessage }, socket: Duplex, head: Buffer) => {
        if (head.length > 0) socket.unshift(head);
        if (statusCode >= 200 && statusCode < 300) return resolve(socket);
        socket.destroy();
        reject(new ProxyRefused(proxy, path, statusCode, statusMessage));
      });
      request.end();
    });
  } finally {
    clearTimeout(timer);
  }
}
