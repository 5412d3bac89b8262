import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { Connection, type ConnectionOptions } from '../../src/session/connection/connection';
import type { SessionGateway, SessionTicket } from '../../src/session/gateway';
import type { SessionEnd } from '../../src/session/session-end';
import { FakeClock } from './fake-clock';
import { CREDENTIALS } from './session-lab';
import { soon } from './soon';

type Answer = (request: IncomingMessage, socket: Socket) => boolean;

/** A connection on a faked clock, to a service that does nothing but accept WebSockets, and not even that if it is told so. */
export class ConnectionLab {
  static async start(): Promise<ConnectionLab> {
    const lab = new ConnectionLab();
    await once(lab.http.listen(0, '127.0.0.1'), 'listening');
    return lab;
  }

  readonly clock = new FakeClock();
  /** When ResumeSession was called, by the faked clock. */
  readonly calls: number[] = [];
  /** The tokens that came, in order. */
  readonly tokens: string[] = [];
  readonly logged: { readonly level: string; readonly message: string; readonly details?: object }[] = [];
  readonly ends: SessionEnd[] = [];
  readonly frames: Buffer[] = [];
  resumed = 0;
  connection!: Connection;
  private readonly http = createServer();
  private readonly accepted: Socket[] = [];
  private readonly server = new WebSocketServer({ noServer: true });

  private constructor() {
    this.http.on('connection', (socket) => this.accepted.push(socket.on('error', () => undefined)));
    this.http.on('upgrade', (request, socket, head) => {
      if (!this.answerUpgrade(request, socket as Socket)) this.server.handleUpgrade(request, socket, head, (accepted) => this.accept(accepted));
    });
  }

  /** What ResumeSession does. */
  answerResume: (ticket: SessionTicket) => Promise<SessionTicket | undefined> = async (ticket) => ticket;
  /** Takes an upgrade into its own hands, if it says so. */
  answerUpgrade: Answer = () => false;
  /** What is done with a client that has shown its token. */
  welcome: (socket: WebSocket) => void = () => {};
  credentials: SessionGateway['credentials'] = async () => CREDENTIALS;

  /** The sockets that are open at the service. */
  get sockets(): WebSocket[] {
    return [...this.server.clients].filter(({ readyState, OPEN }) => readyState === OPEN);
  }

  /** How often the client has noticed that its connection was lost. */
  get losses(): number {
    return this.logged.filter(({ message }) => message.startsWith('connection lost')).length;
  }

  get ticket(): SessionTicket {
    const { port } = this.http.address() as AddressInfo;
    return { SessionId: 'session-1', TokenValue: `token-${this.calls.length}`, StreamUrl: `ws://127.0.0.1:${port}/v1/data-channel/session-1` };
  }

  make(options: Partial<ConnectionOptions> = {}): Connection {
    const note = (level: string) => (message: string, details?: object) => void this.logged.push({ level, message, details });
    this.connection = new Connection({
      gateway: {
        region: 'us-east-1',
        start: async () => this.ticket,
        resume: async () => {
          this.calls.push(this.clock.now());
          return this.answerResume(this.ticket);
        },
        terminate: async () => {},
        credentials: () => this.credentials(),
      },
      ticket: this.ticket,
      log: { debug: note('debug'), info: note('info'), warn: note('warn') },
      allowInsecureLoopback: true,
      clock: this.clock,
      ...options,
    }, {
      frame: (frame) => void this.frames.push(frame),
      drained: () => {},
      resumed: () => void this.resumed++,
      over: (end) => void this.ends.push(end),
    });
    return this.connection;
  }

  /** A connection that has been there for a minute. */
  async open(options: Partial<ConnectionOptions> = {}): Promise<Connection> {
    await this.make(options).open();
    await soon(() => this.tokens.length === 1);
    this.clock.advance(60_000);
    return this.connection;
  }

  /** The service hangs up; resolves when the client knows. */
  async cut(): Promise<void> {
    const before = this.losses;
    for (const socket of this.sockets) socket.terminate();
    await soon(() => this.losses > before);
  }

  async close(): Promise<void> {
    await this.connection.close(0);
    for (const socket of this.accepted) socket.destroy();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private accept(socket: WebSocket): void {
    socket.on('error', () => undefined);
    socket.once('message', (frame) => {
      this.tokens.push(JSON.parse(frame.toString()).TokenValue);
      this.welcome(socket);
    });
  }
}

/** An answer to an upgrade that is none. */
export function refusal(status: number, headers: readonly string[] = [], body = ''): Answer {
  return (_request, socket) => {
    socket.end([`HTTP/1.1 ${status} No`, 'Connection: close', `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n'));
    return true;
  };
}
