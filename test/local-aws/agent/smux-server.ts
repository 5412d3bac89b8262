import { COMMANDS, encodeFrame, type SmuxFrame, SmuxParser, SmuxProtocolError } from '../../../src/session/wire/smux';
import { ByteQueue } from './byte-queue';
import type { Dialer } from './dialer';
import { SmuxStream, type StreamHost } from './smux-stream';

/** What all streams together may leave unread before the session stops reading. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;
/** The agent talks to its own smux through a unix socket, which holds so much each way. */
const SOCKET_BUFFER = 212_992;

export interface SmuxServerOptions {
  readonly dialer: Dialer;
  /** The target refused a stream. Said before its FIN. */
  readonly refused: () => void;
  /** There are bytes to be read and sent. */
  readonly readable: () => void;
  /** There is room again after `full`. */
  readonly drained: () => void;
  /** What came is no smux of version 1: the session is dead. */
  readonly broken: () => void;
}

/** The agent's end of smux: every SYN becomes a connection to the target. It knows nothing of messages. */
export class SmuxServer implements StreamHost {
  /** `performance.now()` when anything was last heard from the client. */
  heardAt = performance.now();
  private bucket = RECEIVE_BUFFER;
  private readonly streams = new Map<number, SmuxStream>();
  private readonly parser = new SmuxParser();
  private frames?: Iterator<SmuxFrame>;
  private readonly arrived: Buffer[] = [];
  private arrivedBytes = 0;
  private readonly outgoing = new ByteQueue();
  private closed = false;

  constructor(private readonly options: SmuxServerOptions) {}

  /** Whether the client's bytes find no room: whoever brings more has to wait. */
  get full(): boolean {
    return this.arrivedBytes > SOCKET_BUFFER;
  }

  get hasOutput(): boolean {
    return this.outgoing.length > 0;
  }

  /** Bytes from the client, cut anywhere. */
  accept(bytes: Buffer): void {
    this.heardAt = performance.now();
    this.arrived.push(bytes);
    this.arrivedBytes += bytes.length;
    this.parse();
  }

  /** The next bytes for the client. */
  read(most: number): Buffer {
    const wasHeld = this.outgoing.length > SOCKET_BUFFER;
    const bytes = this.outgoing.read(most);
    if (wasHeld && this.outgoing.length <= SOCKET_BUFFER) for (const stream of this.streams.values()) stream.resume();
    return bytes;
  }

  keepAlive(): void {
    this.write(encodeFrame(COMMANDS.NOP, 0));
  }

  /** Closes all connections to the target without a word to the client. */
  close(): void {
    this.closed = true;
    for (const stream of this.streams.values()) stream.abandon();
    this.streams.clear();
  }

  write(frame: Buffer): boolean {
    this.outgoing.push(frame);
    this.options.readable();
    return this.outgoing.length <= SOCKET_BUFFER;
  }

  release(bytes: number): void {
    const wasFull = this.full;
    const wasEmpty = this.bucket <= 0;
    this.bucket += bytes;
    if (!wasEmpty || this.bucket <= 0) return;
    this.parse();
    if (wasFull && !this.full) this.options.drained();
  }

  forget(stream: SmuxStream): void {
    this.streams.delete(stream.id);
  }

  private parse(): void {
    try {
      while (this.bucket > 0 && !this.closed) {
        const frame = this.nextFrame();
        if (!frame) return;
        this.handle(frame);
      }
    } catch (error) {
      if (!(error instanceof SmuxProtocolError)) throw error;
      this.options.broken();
    }
  }

  /** The parser is asked for one frame at a time, so that what a stalled session has not taken stays where it is. */
  private nextFrame(): SmuxFrame | undefined {
    for (;;) {
      const next = this.frames?.next();
      if (next && !next.done) return next.value;
      const bytes = this.arrived.shift();
      if (!bytes) return undefined;
      this.arrivedBytes -= bytes.length;
      this.frames = this.parser.push(bytes);
    }
  }

  private handle({ command, streamId, data }: SmuxFrame): void {
    const stream = this.streams.get(streamId);
    if (command === COMMANDS.SYN && !stream) this.open(streamId);
    if (command === COMMANDS.FIN) stream?.finish();
    if (command === COMMANDS.PSH && stream) {
      this.bucket -= data.length;
      stream.push(data);
    }
  }

  private open(streamId: number): void {
    const stream = new SmuxStream(streamId, this);
    this.streams.set(streamId, stream);
    this.options.dialer.dial((socket) => stream.attach(socket), () => {
      this.options.refused();
      stream.close();
    });
  }
}
