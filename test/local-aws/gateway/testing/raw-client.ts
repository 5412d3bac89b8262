import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import WebSocket from 'ws';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../../../src/session/wire/acknowledgement';
import { type AgentMessage, decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../../src/session/wire/message';
import { COMMANDS, encodeFrame, type SmuxFrame, SmuxParser } from '../../../../src/session/wire/smux';

/** A signature that is there, and signs nothing. */
const SIGNED = {
  Authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/ssmmessages/aws4_request, '
    + `SignedHeaders=host;x-amz-date, Signature=${createHash('sha256').digest('hex')}`,
};

export interface RawClientOptions {
  readonly headers?: Record<string, string>;
  /** The first frame; a token frame by default. */
  readonly first?: string | Buffer;
}

/** A client with nothing in it but the codec: it says what a test tells it to, and keeps what it hears. */
export class RawClient extends EventEmitter<{ heard: [AgentMessage]; closed: [number] }> {
  /** Whatever came, acknowledgements included, in order of arrival. */
  readonly heard: AgentMessage[] = [];
  /** What the data, put in order, says. */
  readonly frames: SmuxFrame[] = [];
  /** The answer to a data message, if any. */
  answer: (message: AgentMessage) => Buffer | undefined = encodeAcknowledgement;
  closeCode?: number;
  private expected = 0;
  private sequence = 0;
  private readonly early = new Map<number, AgentMessage>();
  private readonly parser = new SmuxParser();
  private socket!: WebSocket;

  get acknowledged(): number[] {
    return this.heard.filter((message) => message.type === MESSAGE_TYPES.ACKNOWLEDGE).map((message) => decodeAcknowledgement(message)!);
  }

  get data(): AgentMessage[] {
    return this.heard.filter((message) => message.type === MESSAGE_TYPES.OUTPUT);
  }

  /** Opens a socket, or another one: what was said and heard stays counted. */
  async connect(url: string, token: string, options: RawClientOptions = {}): Promise<void> {
    const socket = new WebSocket(url, { headers: options.headers ?? SIGNED, perMessageDeflate: false });
    this.socket = socket;
    this.closeCode = undefined;
    socket.on('message', (frame) => this.take(frame as Buffer));
    socket.on('close', (code) => {
      if (socket !== this.socket) return;
      this.closeCode = code;
      this.emit('closed', code);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        socket.terminate();
        reject(new Error(`${response.statusCode}`));
      });
      socket.once('open', resolve);
    });
    socket.on('error', () => undefined);
    socket.send(options.first ?? tokenFrame(token));
  }

  /** Resolves when it is so, now or after something more was heard. */
  async untilTrue(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.off('heard', look);
        resolve();
      };
      this.on('heard', look);
    });
  }

  /** The first message heard, now or later, that is the one. */
  async until(wanted: (message: AgentMessage) => boolean): Promise<AgentMessage> {
    await this.untilTrue(() => this.heard.some(wanted));
    return this.heard.find(wanted)!;
  }

  async untilAcknowledged(sequence: number): Promise<void> {
    await this.untilTrue(() => this.acknowledged.includes(sequence));
  }

  async untilReceived(streamId: number, length: number): Promise<void> {
    await this.untilTrue(() => this.received(streamId).length >= length);
  }

  async untilFinished(streamId: number): Promise<void> {
    await this.untilTrue(() => this.frames.some((frame) => frame.streamId === streamId && frame.command === COMMANDS.FIN));
  }

  async closing(): Promise<number> {
    return this.closeCode ?? new Promise((resolve) => this.once('closed', resolve));
  }

  /** Answers the handshake and waits for its end. */
  async handshake(version = '1.2.814.0', status = 1): Promise<void> {
    await this.until((message) => message.payloadType === PAYLOAD_TYPES.HANDSHAKE_REQUEST);
    this.say(PAYLOAD_TYPES.HANDSHAKE_RESPONSE, Buffer.from(JSON.stringify({
      ClientVersion: version,
      ProcessedClientActions: [{ ActionType: 'SessionType', ActionStatus: status, ActionResult: null, Error: status === 1 ? '' : 'no' }],
      Errors: null,
    })));
    if (status === 1) await this.until((message) => message.payloadType === PAYLOAD_TYPES.HANDSHAKE_COMPLETE);
  }

  /** Sends a data message, with the next sequence number or another, and gives its number. */
  say(payloadType: number, payload: Buffer, sequence = this.sequence++): number {
    this.sendRaw(encodeMessage({ type: MESSAGE_TYPES.INPUT, sequence, payloadType, payload }));
    return sequence;
  }

  open(streamId: number): number {
    return this.say(PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.SYN, streamId));
  }

  write(streamId: number, bytes: Buffer | string): number {
    return this.say(PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.PSH, streamId, Buffer.from(bytes)));
  }

  finish(streamId: number): number {
    return this.say(PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.FIN, streamId));
  }

  /** The bytes that a stream has carried to us. */
  received(streamId: number): Buffer {
    return Buffer.concat(this.frames.filter((frame) => frame.streamId === streamId && frame.command === COMMANDS.PSH).map((frame) => frame.data));
  }

  sendRaw(frame: Buffer): void {
    this.socket.send(frame);
  }

  /** Resolves to whether the gateway answers a ping within so many milliseconds. */
  async ping(milliseconds: number): Promise<boolean> {
    this.socket.ping();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      this.socket.once('pong', () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  close(): void {
    this.socket?.terminate();
  }

  private take(frame: Buffer): void {
    const message = decodeMessage(frame);
    this.heard.push(message);
    if (message.type === MESSAGE_TYPES.OUTPUT) this.takeData(message);
    this.emit('heard', message);
  }

  private takeData(message: AgentMessage): void {
    const answer = this.answer(message);
    if (answer) this.socket.send(answer);
    if (message.sequence >= this.expected) this.early.set(message.sequence, message);
    for (let next = this.early.get(this.expected); next; next = this.early.get(this.expected)) {
      this.early.delete(this.expected++);
      if (next.payloadType === PAYLOAD_TYPES.OUTPUT) this.frames.push(...this.parser.push(next.payload));
    }
  }
}

export function tokenFrame(token: string, changes: Record<string, string | undefined> = {}): string {
  return JSON.stringify({
    MessageSchemaVersion: '1.0', RequestId: randomUUID(), TokenValue: token, ClientId: randomUUID(), ClientVersion: '1.2.814.0', ...changes,
  });
}
