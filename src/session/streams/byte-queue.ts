/** Bytes that wait, in pieces as they came. */
export class ByteQueue {
  private pieces: Buffer[] = [];
  /** Bytes of the first piece that are gone already. */
  private taken = 0;
  private bytes = 0;

  get length(): number {
    return this.bytes;
  }

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  /** Moves as many bytes into the target; there must be that many. */
  moveTo(target: Buffer, offset: number, count: number): void {
    const end = offset + count;
    this.bytes -= count;
    while (offset < end) {
      const piece = this.pieces[0]!;
      const copied = piece.copy(target, offset, this.taken, this.taken + end - offset);
      offset += copied;
      this.taken += copied;
      if (this.taken < piece.length) continue;
      this.pieces.shift();
      this.taken = 0;
    }
  }

  clear(): void {
    this.pieces = [];
    this.taken = this.bytes = 0;
  }
}
