import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ChannelOpening } from '../channel';
import { MessageGateway, type MessageGatewayOptions } from '../gateway';
import { RawClient } from './raw-client';

const PROPERTIES = { host: 'db.internal', portNumber: '5432', localPortNumber: '15432', type: 'LocalPortForwarding' };

export interface LabOptions extends Partial<MessageGatewayOptions> {
  /** What the target does with a connection; an echo by default. Undefined refuses connections. */
  readonly target?: ((socket: Socket) => void) | undefined;
}

/** A gateway behind an HTTP server, a target for its agents, and the clients that a test makes. */
export class Lab {
  static async start(options: LabOptions = {}): Promise<Lab> {
    const lab = new Lab(options);
    await Promise.all([lab.http, lab.target].map(async (server) => once(server.listen(0, '127.0.0.1'), 'listening')));
    lab.targetPort = (lab.target.address() as AddressInfo).port;
    if ('target' in options && !options.target) lab.target.close();
    return lab;
  }

  readonly gateway: MessageGateway;
  readonly target: Server;
  readonly http = createHttpServer();
  /** Every connection that the target has accepted. */
  readonly connections: Socket[] = [];
  targetPort = 0;
  private readonly clients: RawClient[] = [];
  private sessions = 0;

  private constructor(options: LabOptions) {
    this.target = createServer({ allowHalfOpen: true }, (socket) => {
      this.connections.push(socket.on('error', () => undefined));
      (options.target ?? echo)(socket);
    });
    this.gateway = new MessageGateway({ resolveHost: () => ({ host: '127.0.0.1', port: this.targetPort }), ...options });
    this.http.on('upgrade', (request, socket, head) => this.gateway.handleUpgrade(request, socket, head));
  }

  /** Starts a session; gives its id. Its token is the id behind `token-`. */
  open(changes: Partial<ChannelOpening> = {}): string {
    const sessionId = `session-${++this.sessions}`;
    this.gateway.open({ sessionId, token: `token-${sessionId}`, instanceId: 'i-0123456789abcdef0', properties: PROPERTIES, ...changes });
    return sessionId;
  }

  url(sessionId: string): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}/v1/data-channel/${sessionId}?role=publish_subscribe`;
  }

  newClient(): RawClient {
    const client = new RawClient();
    this.clients.push(client);
    return client;
  }

  /** A new session and a client on it, before the handshake. */
  async connect(sessionId = this.open()): Promise<RawClient> {
    const client = this.newClient();
    await client.connect(this.url(sessionId), `token-${sessionId}`);
    return client;
  }

  /** A new session and a client that is past the handshake and past the moments in which the agent is not ready. */
  async ready(sessionId = this.open()): Promise<RawClient> {
    const client = await this.connect(sessionId);
    await client.handshake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.gateway.close();
    for (const socket of this.connections) socket.destroy();
    await Promise.all([this.http, this.target].map(async (server) => new Promise((resolve) => server.close(resolve))));
  }
}

function echo(socket: Socket): void {
  socket.pipe(socket);
}
