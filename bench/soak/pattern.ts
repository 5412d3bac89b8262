import { createCipheriv, createHash } from 'node:crypto';

const ZEROES = Buffer.alloc(64 * 1024);

/** Bytes without end that anybody can make again who knows the number: a cipher over zeroes. */
export class Pattern {
  private readonly cipher;

  constructor(seed: number) {
    this.cipher = createCipheriv('aes-128-ctr', createHash('sha256').update(String(seed)).digest().subarray(0, 16), Buffer.alloc(16));
  }

  next(length: number): Buffer {
    return this.cipher.update(length > ZEROES.length ? Buffer.alloc(length) : ZEROES.subarray(0, length));
  }

  /** Whether these are the next bytes. */
  goesOnWith(piece: Buffer): boolean {
    return this.next(piece.length).equals(piece);
  }
}
