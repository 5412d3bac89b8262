import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SessionGateway } from '../../src/session/gateway';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../src/session/wire/acknowledgement';
import { type AgentMessage, decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../src/session/wire/message';
import { type Command, COMMANDS, SmuxParser } from '../../src/session/wire/smux';
import { CREDENTIALS } from './session-lab';

/** What a client did with a stream; bytes that follow each other count as one doing. */
export interface StreamAct {
  readonly command: Command;
  readonly streamId: number;
  readonly bytes: string;
}

/** Puts the data of one side in order, and reads the acts out of it. */
export class ActReader {
  readonly acts: StreamAct[] = [];
  private readonly parser = new SmuxParser();
  private expected = 0;

  take({ sequence, payloadType, payload }: AgentMessage): void {
    if (sequence !== this.expected) return;
    this.expected++;
    if (payloadType === PAYLOAD_TYPES.OUTPUT) for (const frame of this.parser.push(payload)) this.add(frame.command, frame.streamId, frame.data.toString('hex'));
  }

  private add(command: Command, streamId: number, bytes: string): void {
    const last = this.acts.at(-1);
    const continues = command === COMMANDS.PSH && last?.command === command && last.streamId === streamId;
    this.acts.push({ command, streamId, bytes: continues ? this.acts.pop()!.bytes + bytes : bytes });
  }
}

/** A data channel with nobody behind it: it acknowledges what a client sends, keeps it, and says what it is told to. */
export class ReplayedAgent {
  static async start(): Promise<ReplayedAgent> {
    const agent = new ReplayedAgent();
    await once(agent.server, 'listening');
    return agent;
  }

  /** The textual first frames, one for each connection. */
  readonly tokenFrames: string[] = [];
  readonly paths: string[] = [];
  readonly data: AgentMessage[] = [];
  readonly acknowledgements: AgentMessage[] = [];
  private readonly reader = new ActReader();
  private readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  private socket?: WebSocket;
  private changed?: () => void;

  private constructor() {
    this.server.on('connection', (socket, request) => {
      this.paths.push(request.url!);
      socket.on('message', (frame, isBinary) => {
        this.socket = socket;
        if (isBinary) this.take(decodeMessage(frame as Buffer));
        else this.tokenFrames.push(frame.toString());
        this.changed?.();
      });
    });
  }

  /** A control plane whose sessions are on this data channel; its tokens are called `first` and `second`. */
  gateway(path = '/v1/data-channel/session-1'): SessionGateway {
    const StreamUrl = `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
    const ticket = (TokenValue: string) => ({ SessionId: 'session-1', TokenValue, StreamUrl });
    return {
      region: 'us-east-1',
      start: async () => ticket('first'),
      resume: async () => ticket('second'),
      terminate: async () => {},
      credentials: async () => CREDENTIALS,
    };
  }

  get acts(): readonly StreamAct[] {
    return this.reader.acts;
  }

  get acknowledged(): number[] {
    return this.acknowledgements.map((message) => decodeAcknowledgement(message)!);
  }

  say(frame: Buffer): void {
    this.socket!.send(frame);
  }

  sayData(sequence: number, payloadType: number, payload: string): void {
    this.say(encodeMessage({ type: MESSAGE_TYPES.OUTPUT, sequence, payloadType, payload: Buffer.from(payload) }));
  }

  /** Says its part of the handshake, which takes the sequence numbers 0 and 1. */
  async shakeHands(): Promise<void> {
    await this.until(() => this.tokenFrames.length === 1);
    this.sayData(0, PAYLOAD_TYPES.HANDSHAKE_REQUEST, '{"AgentVersion":"3.3.987.0","RequestedClientActions":[]}');
    this.sayData(1, PAYLOAD_TYPES.HANDSHAKE_COMPLETE, '{}');
  }

  cut(): void {
    this.socket!.terminate();
  }

  /** Resolves when what came in so far is as wanted. */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) await new Promise<void>((resolve) => { this.changed = resolve; });
  }

  async close(): Promise<void> {
    for (const socket of this.server.clients) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(message: AgentMessage): void {
    if (message.type === MESSAGE_TYPES.ACKNOWLEDGE) {
      this.acknowledgements.push(message);
      return;
    }
    this.data.push(message);
    this.reader.take(message);
    this.socket!.send(encodeAcknowledgement(message));
  }
}
