import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/*
 * A target and its clients that move bytes one way and compare digests, as often as they like. Each time the first five bytes say what is wanted:
 * a letter, U for up or D for down, and how many bytes. Up, the target answers with the digest of what it got; down, with the bytes.
 */
const ORDER_LENGTH = 5;
const DIGEST_LENGTH = 64;

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What the target of a test does with its connections. Keeps the digests of what it sent. */
export class ByteTarget {
  readonly sent: string[] = [];

  readonly serve = (socket: Socket): void => {
    const pieces: Buffer[] = [];
    let missing: number | undefined;
    socket.on('data', (piece) => {
      pieces.push(piece);
      missing = missing === undefined ? this.begin(socket, pieces) : missing - piece.length;
      if (missing !== 0) return;
      socket.write(digestOf(Buffer.concat(pieces.splice(0))));
      missing = undefined;
    });
    socket.on('end', () => socket.end());
  };

  /** @returns how many bytes are still to come, once the order is there and if it is for bytes up */
  private begin(socket: Socket, pieces: Buffer[]): number | undefined {
    const start = Buffer.concat(pieces);
    if (start.length < ORDER_LENGTH) return undefined;
    const size = start.readUInt32BE(1);
    const first = start.subarray(ORDER_LENGTH);
    pieces.splice(0, pieces.length, first);
    if (start[0] === 'U'.charCodeAt(0)) return size - first.length;
    const bytes = randomBytes(size);
    this.sent.push(digestOf(bytes));
    socket.write(bytes);
    return undefined;
  }
}

function order(letter: string, size: number): Buffer {
  const bytes = Buffer.alloc(ORDER_LENGTH, letter);
  bytes.writeUInt32BE(size, 1);
  return bytes;
}

async function read(socket: Socket, size: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer): void => {
    pieces.push(piece);
    length += piece.length;
  };
  socket.on('data', take);
  while (length < size) await once(socket, 'data');
  socket.off('data', take);
  return Buffer.concat(pieces);
}

/** Sends random bytes; resolves to their digest here and there. */
export async function upload(socket: Socket, size: number): Promise<{ here: string; there: string }> {
  const bytes = randomBytes(size);
  socket.write(order('U', size));
  socket.write(bytes);
  return { here: digestOf(bytes), there: (await read(socket, DIGEST_LENGTH)).toString() };
}

/** Asks for random bytes; resolves to the digest of what came. */
export async function download(socket: Socket, size: number): Promise<string> {
  socket.write(order('D', size));
  return digestOf(await read(socket, size));
}
