import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { openSession, type Session, type SessionOptions } from '../../src/session';
import type { SessionGateway } from '../../src/session/gateway';
import type { ChannelOpening } from '../local-aws/gateway/gateway';
import { Lab, type LabOptions } from '../local-aws/gateway/testing/lab';

export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'a session token' };

export const SILENT_LOG = { debug() {}, info() {}, warn() {} };

/** The real client on the local gateway and its agent, with a listener before it as a tunnel has one. */
export class SessionLab {
  static async start(options: LabOptions = {}): Promise<SessionLab> {
    return new SessionLab(await Lab.start(options));
  }

  /** What was asked of the control plane, in order. */
  readonly calls: string[] = [];
  readonly logged: string[] = [];
  /** The same with all details. */
  readonly loggedWhole: string[] = [];
  /** What the next session is started with. */
  opening: Partial<ChannelOpening> = {};
  private readonly listeners: Server[] = [];
  private readonly sessions: Session[] = [];
  private readonly sockets: Socket[] = [];
  /** What ResumeSession fails with, if it does. */
  resumeFails?: Error;
  private tokens = 0;

  private constructor(readonly lab: Lab) {}

  get gateway(): SessionGateway {
    const ticket = (id: string, token: string) => ({ SessionId: id, TokenValue: token, StreamUrl: this.lab.url(id) });
    return {
      region: 'us-east-1',
      start: async () => {
        this.calls.push('start');
        const id = this.lab.open(this.opening);
        return ticket(id, `token-${id}`);
      },
      resume: async (id) => {
        this.calls.push('resume');
        if (this.resumeFails) throw this.resumeFails;
        const token = `another-token-${++this.tokens}`;
        return this.lab.gateway.reissue(id, token) ? ticket(id, token) : undefined;
      },
      terminate: async (id) => {
        this.calls.push('terminate');
        this.lab.gateway.terminate(id);
      },
      credentials: async () => CREDENTIALS,
    };
  }

  async open(options: Partial<SessionOptions> = {}): Promise<Session> {
    const note = (message: string, details?: object) => {
      this.logged.push(message);
      this.loggedWhole.push(JSON.stringify([message, details]));
    };
    const session = await openSession({
      gateway: this.gateway,
      log: { debug: note, info: note, warn: note },
      allowInsecureLoopback: true,
      ...options,
    });
    this.sessions.push(session);
    return session;
  }

  /** A new local connection that the session forwards. */
  async connect(session: Session): Promise<Socket> {
    const listener = createServer({ allowHalfOpen: true }, (socket) => session.forward(socket));
    this.listeners.push(listener);
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const socket = connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    // Sessions reset their connections when they end; a test that cares listens for itself.
    this.sockets.push(socket.on('error', () => undefined));
    await once(socket, 'connect');
    return socket;
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
    await this.lab.close();
  }
}
