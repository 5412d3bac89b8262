import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createListener, type Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { openSession, type Session } from '../../src/session';
import { encodeAcknowledgement } from '../../src/session/wire/acknowledgement';
import { decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../src/session/wire/message';

export const TOKEN = 'AAEAAbHOPy6FBkzpjFZ4dhnH0HJ6xZ8-a-token-that-nobody-may-see';
/** The next sequence number after the handshake. */
export const FIRST_SEQUENCE = 2;

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };
const HANDSHAKE = {
  AgentVersion: '3.3.987.0',
  RequestedClientActions: [{ ActionType: 'SessionType', ActionParameters: { SessionType: 'Port', Properties: { type: 'LocalPortForwarding' } } }],
};

export interface LogLine {
  readonly message: string;
  readonly details?: object;
}

/** A session that has shaken hands, and its other end, which may now say what it likes. */
export interface HostileSession {
  readonly session: Session;
  readonly logged: readonly LogLine[];
  /** The application's end of a connection that the session carries as its first stream. */
  readonly local: Socket;
  /** Says something. Resolves when the client has read it, or is gone. */
  say(frames: readonly Buffer[]): Promise<void>;
}

/** A service that behaves until a session is open. */
export class HostileGateway {
  static async start(): Promise<HostileGateway> {
    const gateway = new HostileGateway();
    await Promise.all([gateway.http, gateway.listener].map(async (server) => once(server.listen(0, '127.0.0.1'), 'listening')));
    return gateway;
  }

  private readonly http: Server = createServer();
  private readonly listener = createListener({ allowHalfOpen: true });
  private readonly webSockets = new WebSocketServer({ server: this.http, perMessageDeflate: false });
  private sessions = 0;

  async open(): Promise<HostileSession> {
    const logged: LogLine[] = [];
    const note = (message: string, details?: object) => void logged.push({ message, details });
    const id = `session-${++this.sessions}`;
    const joined = once(this.webSockets, 'connection') as Promise<[WebSocket]>;
    const welcomed = joined.then(([socket]) => shakeHands(socket));
    const session = await openSession({
      gateway: {
        region: 'us-east-1',
        start: async () => ({ SessionId: id, TokenValue: TOKEN, StreamUrl: `ws://127.0.0.1:${portOf(this.http)}/v1/data-channel/${id}?role=publish_subscribe` }),
        resume: async () => undefined,
        terminate: async () => undefined,
        credentials: async () => CREDENTIALS,
      },
      log: { debug: note, info: note, warn: note },
      allowInsecureLoopback: true,
    });
    const socket = await welcomed;
    const accepted = once(this.listener, 'connection') as Promise<[Socket]>;
    const local = connect({ port: portOf(this.listener), host: '127.0.0.1', allowHalfOpen: true });
    local.on('error', () => undefined).resume();
    session.forward((await accepted)[0]);
    return { session, logged, local, say: async (frames) => say(socket, frames) };
  }

  async close(): Promise<void> {
    for (const socket of this.webSockets.clients) socket.terminate();
    this.webSockets.close();
    await Promise.all([this.http, this.listener].map(async (server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** Acknowledges all, and does its part of the handshake. */
function shakeHands(socket: WebSocket): WebSocket {
  const tell = (sequence: number, payloadType: number, value: object) =>
    socket.send(encodeMessage({ type: MESSAGE_TYPES.OUTPUT, sequence, payloadType, payload: Buffer.from(JSON.stringify(value)) }));
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    if (!isBinary) return tell(0, PAYLOAD_TYPES.HANDSHAKE_REQUEST, HANDSHAKE);
    const message = decodeMessage(data as Buffer);
    if (message.type !== MESSAGE_TYPES.INPUT) return undefined;
    socket.send(encodeAcknowledgement(message));
    if (message.payloadType === PAYLOAD_TYPES.HANDSHAKE_RESPONSE && message.sequence === 0) tell(1, PAYLOAD_TYPES.HANDSHAKE_COMPLETE, { CustomerMessage: '' });
    return undefined;
  });
  return socket;
}

/** The answer to a ping comes when all before it was read. */
async function say(socket: WebSocket, frames: readonly Buffer[]): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  const read = new Promise<void>((resolve) => {
    socket.once('pong', () => resolve());
    socket.once('close', () => resolve());
  });
  for (const frame of frames) socket.send(frame);
  socket.ping();
  await read;
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}
