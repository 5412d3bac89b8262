/** Bytes that wait, in pieces as they came. */
export class ByteQueue {
  private pieces: Buffer[] = [];
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
      const copied = piece.copy(target, offset, 0, end - offset);
      offset += copied;
      if (copied === piece.length) this.pieces.shift();
      else this.pieces[0] = piece.subarray(copied);
    }
  }

  clear(): void {
    this.pieces = [];
    this.bytes = 0;
  }
}
