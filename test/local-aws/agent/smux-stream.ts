import type { Socket } from 'node:net';
import { COMMANDS, encodeFrame, MAX_FRAME_LENGTH } from '../../../src/session/wire/smux';

/** What a stream needs from the session that it belongs to. */
export interface StreamHost {
  /** Says something to the client. Gives false when the stream should hold on until it is told to go on. */
  write(frame: Buffer): boolean;
  /** Bytes of the session's shared receive buffer that are free again. */
  release(bytes: number): void;
  forget(stream: SmuxStream): void;
}

/** One connection of the client, and the connection to the target that it is copied to and from. */
export class SmuxStream {
  private socket?: Socket;
  private readonly unread: Buffer[] = [];
  private finished = false;
  private closed = false;
  /** Whether the target had not taken everything yet when the writing of this tick began. */
  private clogged = false;

  constructor(readonly id: number, private readonly host: StreamHost) {}

  attach(socket: Socket): void {
    this.socket = socket;
    socket.on('error', () => this.close());
    socket.on('data', (bytes) => this.say(bytes));
    socket.on('drain', () => {
      this.clogged = false;
      this.copyToTarget();
    });
    socket.on('end', () => this.close());
    this.copyToTarget();
  }

  /** Bytes from the client. */
  push(bytes: Buffer): void {
    this.unread.push(bytes);
    this.copyToTarget();
  }

  /** The client's FIN: what it sent before still reaches the target, then the connection is closed both ways and an answer is lost. */
  finish(): void {
    this.finished = true;
    this.copyToTarget();
  }

  /** Says FIN and forgets the stream. What the client sent and the target has not taken is lost. */
  close(): void {
    if (this.closed) return;
    this.host.write(encodeFrame(COMMANDS.FIN, this.id));
    this.host.forget(this);
    this.abandon();
  }

  /** Lets go of the target without a word to the client. */
  abandon(): void {
    this.closed = true;
    for (const bytes of this.unread.splice(0)) this.host.release(bytes.length);
    this.socket?.resume().destroySoon();
  }

  resume(): void {
    this.socket?.resume();
  }

  private copyToTarget(): void {
    if (!this.socket || this.closed) return;
    this.gather(this.socket);
    while (this.unread.length > 0 && !this.clogged) {
      const bytes = this.unread.shift()!;
      this.socket.write(bytes);
      this.host.release(bytes.length);
    }
    if (this.finished && this.unread.length === 0) this.close();
  }

  /** What one tick brings reaches the target in one write: every packet in one of its own costs more than all the rest of the agent. */
  private gather(socket: Socket): void {
    if (socket.writableCorked > 0) return;
    this.clogged = socket.writableNeedDrain;
    socket.cork();
    process.nextTick(() => socket.uncork());
  }

  private say(bytes: Buffer): void {
    if (this.closed) return;
    let goOn = true;
    for (let at = 0; at < bytes.length; at += MAX_FRAME_LENGTH) {
      goOn = this.host.write(encodeFrame(COMMANDS.PSH, this.id, bytes.subarray(at, at + MAX_FRAME_LENGTH)));
    }
    if (!goOn) this.socket?.pause();
  }
}
