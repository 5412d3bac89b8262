import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pattern } from './pattern';
import { encodeOrder, type Order } from './target';

/** Bytes that are not those that were sent. Nothing excuses them. */
export class WrongBytes extends Error {
  readonly name = 'WrongBytes';
}

/** It ended before it was over. */
export class CutShort extends Error {
  readonly name = 'CutShort';
}

const PIECE = 8 * 1024;

/** One connection through the tunnel, checked byte by byte. */
export class Conversation {
  received = 0;
  sent = 0;
  /** `performance.now()` when it was closed, by whomever. */
  closedAt?: number;
  private readonly socket: Socket;
  private movedAt = performance.now();
  private isResting = false;
  private awake?: (value: void) => void;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => { this.closedAt = performance.now(); });
    for (const event of ['connect', 'readable', 'drain', 'end', 'close']) this.socket.on(event, () => this.awake?.());
  }

  /** Milliseconds since anything moved that should move. */
  get stalledFor(): number {
    return this.isResting ? 0 : performance.now() - this.movedAt;
  }

  private get isOver(): boolean {
    return this.closedAt !== undefined;
  }

  async order(order: Order, seed?: number, size?: number): Promise<void> {
    await this.send(encodeOrder(order, seed, size));
  }

  /** @throws CutShort */
  async send(bytes: Buffer): Promise<void> {
    if (this.isOver) throw new CutShort('nobody takes it');
    this.sent += bytes.length;
    if (!this.socket.write(bytes)) while (this.socket.writableNeedDrain) await this.change();
    this.moved();
  }

  async sendPattern(seed: number, size: number): Promise<void> {
    const pattern = new Pattern(seed);
    for (let left = size; left > 0; left -= PIECE) await this.send(pattern.next(Math.min(PIECE, left)));
  }

  /** Reads exactly so many bytes. @throws CutShort */
  async read(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = size; left > 0;) {
      const piece = await this.piece(left);
      if (piece === undefined) throw new CutShort(`${left} of ${size} bytes are missing`);
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** Reads a pattern, resting after each of so many bytes if it is to be slow. @throws CutShort, WrongBytes */
  async readPattern(seed: number, size: number, pause?: { readonly every: number; readonly milliseconds: number }): Promise<void> {
    const pattern = new Pattern(seed);
    let read = 0;
    while (read < size) {
      const piece = await this.piece(Math.min(size - read, pause?.every ?? Infinity));
      if (piece === undefined) throw new CutShort(`${size - read} of ${size} bytes are missing`);
      if (!pattern.goesOnWith(piece)) throw new WrongBytes(`between ${read} and ${read + piece.length} of ${size}`);
      read += piece.length;
      if (pause) await this.rest(pause.milliseconds);
    }
  }

  /** Until the other side is done. @throws WrongBytes where it says something first */
  async end(): Promise<void> {
    const piece = await this.piece(1);
    if (piece !== undefined) throw new WrongBytes('more than was asked for');
  }

  /** Does nothing, on purpose. */
  async rest(milliseconds: number): Promise<void> {
    this.isResting = true;
    await sleep(milliseconds);
    this.isResting = false;
    this.moved();
  }

  /** Writes no more. */
  finish(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async piece(most: number): Promise<Buffer | undefined> {
    for (;;) {
      const piece: Buffer | null = this.socket.readableLength > 0 ? this.socket.read(Math.min(most, this.socket.readableLength)) : this.socket.read();
      if (piece !== null) {
        this.received += piece.length;
        this.moved();
        return piece;
      }
      if (this.isOver || this.socket.readableEnded) return undefined;
      await this.change();
    }
  }

  private async change(): Promise<void> {
    if (this.isOver) throw new CutShort('it was closed');
    await new Promise<void>((resolve) => { this.awake = resolve; });
  }

  private moved(): void {
    this.movedAt = performance.now();
  }
}
