import { COMMANDS, SMUX_HEADER_LENGTH, writeFrameHeader } from '../wire/smux';
import { ByteQueue } from './byte-queue';

/** As many bytes may wait in a stream before its writer is asked to stop, and as few must be left before it may go on. */
const HIGH_WATER = 64 * 1024;
const LOW_WATER = 16 * 1024;

/** What the far side, or the room in the stream, means for whoever opened it. */
export interface StreamHandlers {
  data(data: Buffer): void;
  /** The far side is done, both ways: it takes nothing more either. */
  finished(): void;
  /** There is room again after a write that said there was none. */
  drained(): void;
}

/** One stream of a multiplexed session: what it still has to say, and how far its life has come. */
export class SmuxStream {
  private readonly waiting = new ByteQueue();
  private opening = true;
  private clogged = false;
  private finishing = false;
  private finSent = false;
  private finReceived = false;

  constructor(readonly id: number, private readonly handlers: StreamHandlers, private readonly wake: (stream: SmuxStream) => void) {}

  /** @returns whether there is room for more; if not, `drained` says when */
  write(data: Buffer): boolean {
    if (this.finishing) return true;
    this.waiting.push(data);
    this.clogged = this.waiting.length >= HIGH_WATER;
    this.wake(this);
    return !this.clogged;
  }

  /** Says that no more will come, after all that waits. */
  finish(): void {
    if (this.finishing) return;
    this.finishing = true;
    this.wake(this);
  }

  /** Drops what waits and says that no more will come: smux knows no other way to break off. */
  abort(): void {
    this.waiting.clear();
    this.finish();
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Whether the next packet should have something of this stream. */
  get isReady(): boolean {
    return this.opening || this.hasWaiting || (this.finishing && !this.finSent);
  }

  get isDone(): boolean {
    return this.finSent && this.finReceived;
  }

  /** Writes the next frames into a packet from an offset on, as far as they fit, and gives the offset behind them. */
  fill(packet: Buffer, offset: number): number {
    let at = offset;
    if (this.opening) {
      at = writeFrameHeader(packet, at, COMMANDS.SYN, this.id);
      this.opening = false;
    }
    const count = Math.min(this.waiting.length, packet.length - at - SMUX_HEADER_LENGTH);
    if (count > 0) {
      at = writeFrameHeader(packet, at, COMMANDS.PSH, this.id, count);
      this.waiting.moveTo(packet, at, count);
      at += count;
    }
    if (this.finishing && !this.finSent && !this.hasWaiting && packet.length - at >= SMUX_HEADER_LENGTH) {
      at = writeFrameHeader(packet, at, COMMANDS.FIN, this.id);
      this.finSent = true;
    }
    if (this.clogged && this.waiting.length <= LOW_WATER) {
      this.clogged = false;
      this.handlers.drained();
    }
    return at;
  }

  receive(data: Buffer): void {
    if (!this.finReceived) this.handlers.data(data);
  }

  /** The far side has forgotten the stream: what waits would be thrown away there. */
  receiveFin(): void {
    if (this.finReceived) return;
    this.finReceived = true;
    this.handlers.finished();
    this.abort();
  }
}
