import { EventEmitter } from 'node:events';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ResolveHost } from '../agent/target';
import { type AgentTiming, agentTiming } from '../agent/timing';
import { Channel, type ChannelOpening } from './channel';
import { ClientSocket } from './client-socket';
import { Counters } from './counters';
import { type Cut, Faults } from './faults';
import { Clock } from './limits';
import { isSigned } from './signature';
import { tokenOf } from './token-frame';

export type { ChannelOpening } from './channel';
export type { AgentTiming } from '../agent/timing';

const POLICY_VIOLATION = 1008;

export interface MessageGatewayOptions {
  /** Where a host name of the template really is; undefined when it has no address. */
  readonly resolveHost: ResolveHost;
  /** Looks at the signature of an upgrade. Gives what is wrong with it, which becomes the body of a 403. */
  readonly credentialsCheck?: (request: IncomingMessage) => string | undefined;
  readonly timing?: Partial<AgentTiming>;
}

/** The message gateway of the local AWS, with an agent at the other end of every session. */
export class MessageGateway extends EventEmitter<{ closed: [{ sessionId: string; reason: string }]; opened: [{ sessionId: string }] }> {
  readonly counters = new Counters();
  readonly faults = new Faults();
  private readonly clock = new Clock();
  private readonly timing: AgentTiming;
  private readonly channels = new Map<string, Channel>();
  /** Of sessions that are over: their last words may still be on the way. */
  private readonly past = new Set<Channel>();
  private readonly sockets = new Set<WebSocket>();
  /** Of upgrades that are never answered. */
  private readonly ignored = new Set<Duplex>();
  private readonly server = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false });

  constructor(private readonly options: MessageGatewayOptions) {
    super();
    this.timing = agentTiming(options.timing);
  }

  /** StartSession: the token is good for one client, and the agent begins its half. */
  open(opening: ChannelOpening): void {
    const { sessionId } = opening;
    const channel = new Channel({
      opening,
      faults: this.faults,
      counters: this.counters,
      timing: this.timing,
      clock: this.clock,
      resolveHost: this.options.resolveHost,
      ended: (reason) => {
        this.channels.delete(sessionId);
        this.past.add(channel);
        this.emit('closed', { sessionId, reason });
      },
    });
    this.channels.set(sessionId, channel);
    this.emit('opened', { sessionId });
    channel.start();
  }

  /** ResumeSession. Gives false when the session is over. */
  reissue(sessionId: string, token: string): boolean {
    const channel = this.channels.get(sessionId);
    channel?.reissue(token);
    return channel !== undefined;
  }

  /** TerminateSession. */
  terminate(sessionId: string): void {
    this.channels.get(sessionId)?.end('TerminateSession', '');
  }

  /** The agent of an instance goes away, and its sessions with it. */
  stopInstance(instanceId: string): void {
    for (const channel of [...this.channels.values()].filter((one) => one.instanceId === instanceId)) {
      if (this.faults.stoppedInstance === 'silence') channel.stop('instance stopped');
      else channel.end('instance stopped', '');
    }
  }

  /** Lets so many minutes pass at once, as far as the limits of sessions go. */
  passMinutes(minutes: number): void {
    this.clock.advance(minutes);
    for (const channel of [...this.channels.values()]) channel.checkLimits();
  }

  isOpen(sessionId: string): boolean {
    return this.channels.has(sessionId);
  }

  /** Cuts the client's socket of a session, or of all. */
  cut(how: Cut, sessionId?: string): void {
    for (const channel of this.selected(sessionId)) channel.cut(how);
  }

  /** Makes the client's socket of a session, or of all, half open: it stays, and nothing comes through any more. */
  silence(sessionId?: string): void {
    for (const channel of this.selected(sessionId)) channel.silence();
  }

  /** Has the service send a message of any type, without payload, to one side of a session. */
  announce(sessionId: string, to: 'agent' | 'client', type: string): void {
    this.channels.get(sessionId)?.announce(to, type);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.counters.upgrades++;
    const url = new URL(request.url ?? '/', 'ws://localhost');
    const sessionId = /^\/v1\/data-channel\/([^/]+)$/.exec(url.pathname)?.[1];
    const refusal = this.refusal(request, sessionId, url.searchParams.get('role'));
    if (refusal) {
      this.counters.refusals++;
      refuse(socket, ...refusal, this.faults.refusalRetryAfter);
      return;
    }
    if (this.faults.ignoreUpgrades > 0) {
      this.faults.ignoreUpgrades--;
      this.ignored.add(socket.on('error', () => socket.destroy()).once('close', () => this.ignored.delete(socket)));
      return;
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.welcome(webSocket, socket, decodeURIComponent(sessionId!)));
  }

  /** Leaves no timer, no socket, no handle. */
  async close(): Promise<void> {
    for (const channel of [...this.channels.values(), ...this.past]) channel.close();
    this.channels.clear();
    this.past.clear();
    const gone = [...this.sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of this.sockets) socket.terminate();
    for (const socket of this.ignored) socket.destroy();
    await Promise.all(gone);
  }

  private selected(sessionId?: string): Channel[] {
    return [...this.channels].filter(([id]) => sessionId === undefined || id === sessionId).map(([, channel]) => channel);
  }

  private refusal(request: IncomingMessage, sessionId: string | undefined, role: string | null): [status: number, text: string] | undefined {
    if (this.faults.refuseUpgrades > 0) {
      this.faults.refuseUpgrades--;
      return [this.faults.refusalStatus, ''];
    }
    if (!sessionId || role !== 'publish_subscribe') return [404, 'not a data channel'];
    if (!isSigned(request)) {
      if (!this.faults.unsignedAllowed) return [403, 'the request is not signed'];
      this.counters.unsigned++;
      return undefined;
    }
    const objection = this.options.credentialsCheck?.(request);
    return objection === undefined ? undefined : [403, objection];
  }

  /** The first frame of a client is text and holds the token. Without it the service hangs up. */
  private welcome(webSocket: WebSocket, carrier: Duplex, sessionId: string): void {
    this.sockets.add(webSocket);
    webSocket.on('close', () => this.sockets.delete(webSocket));
    webSocket.on('error', () => webSocket.terminate());
    const client = new ClientSocket(webSocket, carrier, this.faults, this.counters);
    webSocket.once('message', (data, isBinary) => {
      const token = isBinary ? undefined : tokenOf(data.toString());
      const channel = this.channels.get(sessionId);
      if (token === undefined || !channel?.redeem(token)) {
        this.counters.tokensRejected++;
        webSocket.close(POLICY_VIOLATION);
        return;
      }
      this.counters.tokensAccepted++;
      channel.attach(client);
    });
  }
}

function refuse(socket: Duplex, status: number, text: string, retryAfter?: number): void {
  socket.on('error', () => socket.destroy());
  socket.end([
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    'Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(text)}`, '', text,
  ].join('\r\n'));
}
