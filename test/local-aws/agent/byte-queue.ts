/** Bytes that wait, first in, first out, read in pieces of any size. */
export class ByteQueue {
  length = 0;
  private pieces: Buffer[] = [];

  push(bytes: Buffer): void {
    this.pieces.push(bytes);
    this.length += bytes.length;
  }

  /** Takes what is there, at most so many bytes. */
  read(most: number): Buffer {
    const taken: Buffer[] = [];
    let missing = Math.min(most, this.length);
    this.length -= missing;
    while (missing > 0) {
      const piece = this.pieces[0]!;
      taken.push(piece.subarray(0, missing));
      if (piece.length <= missing) this.pieces.shift();
      else this.pieces[0] = piece.subarray(missing);
      missing -= Math.min(piece.length, missing);
    }
    return taken.length === 1 ? taken[0]! : Buffer.concat(taken);
  }
}
