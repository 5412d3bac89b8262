import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Pattern } from './pattern';

/** A letter, a number for a pattern, a size: what a client wants of the target. */
export const ORDER_LENGTH = 9;
export const ORDERS = { ECHO: 'E', ANSWER: 'A', TAKE: 'U', GIVE: 'D', HANG_UP: 'X', RESET: 'R' } as const;
export type Order = (typeof ORDERS)[keyof typeof ORDERS];
export const [RIGHT, WRONG] = ['Y', 'N'];

const SSL_REQUEST_LENGTH = 8;
const PIECE = 16 * 1024;

export function encodeOrder(order: Order, seed = 0, size = 0): Buffer {
  const bytes = Buffer.alloc(ORDER_LENGTH, order);
  bytes.writeUInt32BE(seed, 1);
  bytes.writeUInt32BE(size, 5);
  return bytes;
}

type Serve = (socket: Socket, seed: number, size: number) => void;
const SERVE: Readonly<Record<string, Serve>> = {
  [ORDERS.ECHO]: (socket) => void socket.pipe(socket),
  [ORDERS.ANSWER]: answer,
  [ORDERS.TAKE]: take,
  [ORDERS.GIVE]: give,
  [ORDERS.HANG_UP]: (socket) => void socket.end(),
  [ORDERS.RESET]: (socket) => void socket.resetAndDestroy(),
};

/** A server behind the bastion that does what it is asked; to a PostgreSQL client it says that it speaks no TLS. */
export class Target {
  static async start(): Promise<Target> {
    const target = new Target();
    await target.open();
    return target;
  }

  readonly host = '127.0.0.1';
  port = 0;
  private server?: Server;
  private readonly sockets = new Set<Socket>();

  /** Listens, again on the same port. */
  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.meet(socket));
    await once(server.listen(this.port, this.host, 4_096), 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Refuses who comes, and goes on with who is there. */
  refuse(): void {
    this.server?.close();
    this.server = undefined;
  }

  close(): void {
    this.refuse();
    for (const socket of this.sockets) socket.destroy();
  }

  private meet(socket: Socket): void {
    this.sockets.add(socket.on('error', () => socket.destroy()).once('close', () => this.sockets.delete(socket)));
    listen(socket);
  }
}

function listen(socket: Socket): void {
  socket.once('readable', () => {
    const start: Buffer | null = socket.read();
    if (start === null) return void socket.end();
    if (start[0] === 0 && start.length >= SSL_REQUEST_LENGTH) {
      socket.write('N');
      return listen(socket);
    }
    if (start.length < ORDER_LENGTH) {
      socket.unshift(start);
      return void setImmediate(() => listen(socket));
    }
    if (start.length > ORDER_LENGTH) socket.unshift(start.subarray(ORDER_LENGTH));
    return SERVE[String.fromCharCode(start[0]!)]?.(socket, start.readUInt32BE(1), start.readUInt32BE(5));
  });
}

/** Says so many bytes back, and is done. */
function answer(socket: Socket, _seed: number, size: number): void {
  let left = size;
  socket.on('data', (piece) => {
    socket.write(piece);
    left -= piece.length;
    if (left <= 0) socket.end();
  });
}

/** Takes a pattern and says whether it was the right one. */
function take(socket: Socket, seed: number, size: number): void {
  const pattern = new Pattern(seed);
  let [left, isRight] = [size, true];
  socket.on('data', (piece) => {
    isRight &&= pattern.goesOnWith(piece);
    left -= piece.length;
    if (left <= 0) socket.end(isRight && left === 0 ? RIGHT : WRONG);
  });
}

/** Gives a pattern, as fast as it is taken. */
function give(socket: Socket, seed: number, size: number): void {
  const pattern = new Pattern(seed);
  let left = size;
  const more = (): void => {
    while (left > 0) {
      const piece = pattern.next(Math.min(PIECE, left));
      left -= piece.length;
      if (!socket.write(piece)) return void socket.once('drain', more);
    }
    socket.end();
  };
  socket.resume();
  more();
}
