import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { World } from './world';

/** What PostgreSQL is asked whether it is there, and speaks TLS: it says S or N. */
export const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');
const CHUNK = Buffer.alloc(64 * 1024);

/**
 * A server that says back all it hears; `COUNT n\n` as the first line makes it send n bytes instead.
 * It takes the place of the database, whose probe it answers as PostgreSQL does.
 */
export class ByteTarget {
  /** Serves the writer of the example, until the world ends. */
  static async forWriterOf(world: World): Promise<ByteTarget> {
    const target = await ByteTarget.in(world);
    world.aws.hosts.map(world.aws.clusters.get().endpoint, target);
    return target;
  }

  /** Serves nobody yet. */
  static async in({ atEnd }: World): Promise<ByteTarget> {
    const target = new ByteTarget();
    await once(target.server.listen(0, target.host), 'listening');
    target.port = (target.server.address() as AddressInfo).port;
    atEnd(() => target.close());
    return target;
  }

  readonly host = '127.0.0.1';
  port = 0;
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => void this.serve(socket));

  /** What goes on elsewhere must not keep it. */
  private async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async serve(socket: Socket): Promise<void> {
    this.connections++;
    this.sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket));
    const [first] = await once(socket, 'data').catch(() => []) as [Buffer?];
    if (first === undefined) return;
    if (first.equals(SSL_REQUEST)) return void socket.end('N');
    const count = /^COUNT (\d+)\n/.exec(first.toString('latin1'))?.[1];
    if (count !== undefined) return this.send(socket, Number(count));
    socket.write(first);
    await pipeline(socket, socket).catch(() => undefined);
  }

  private async send(socket: Socket, count: number): Promise<void> {
    for (let left = count; left > 0 && !socket.destroyed; left -= CHUNK.length) {
      const more = socket.write(CHUNK.subarray(0, Math.min(left, CHUNK.length)));
      if (!more) await once(socket, 'drain').catch(() => undefined);
    }
    socket.end();
  }
}

const BULK = 64 * 1024 * 1024;
const UNDER_WAY = 100_000;
const LONGEST_ECHO = 4096;

/** A local connection through a tunnel. */
export class Line {
  static async to(port: number): Promise<Line> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const line = new Line(socket);
    await once(socket, 'connect');
    return line;
  }

  /** With a bulk transfer under way, which goes on for longer than a test. */
  static async withBulk(port: number): Promise<Line> {
    const line = await Line.to(port);
    line.download(BULK);
    await line.has(UNDER_WAY);
    return line;
  }

  received = 0;
  /** The end of what was received. */
  private latest = Buffer.alloc(0);
  readonly ended: Promise<'ended' | 'reset'>;

  private constructor(readonly socket: Socket) {
    let wasReset = false;
    socket.on('error', () => { wasReset = true; });
    socket.on('data', (data) => {
      this.received += data.length;
      this.latest = Buffer.concat([this.latest, data]).subarray(-LONGEST_ECHO);
    });
    this.ended = new Promise((resolve) => { socket.once('close', () => resolve(wasReset ? 'reset' : 'ended')); });
  }

  /** Sends a text and waits until it has come back. */
  async echo(text: string): Promise<void> {
    const expected = this.received + text.length;
    this.socket.write(text);
    await this.has(expected);
    const echo = this.latest.subarray(-text.length).toString();
    if (echo !== text) throw new Error(`${JSON.stringify(text)} came back as ${JSON.stringify(echo)}`);
  }

  /** Asks for so many bytes, which then come. */
  download(bytes: number): void {
    this.socket.write(`COUNT ${bytes}\n`);
  }

  /** Until so many bytes have come. */
  async has(bytes: number): Promise<void> {
    while (this.received < bytes) {
      const heard = await Promise.race([once(this.socket, 'data'), this.ended]);
      if (typeof heard === 'string') throw new Error(`the connection was ${heard} after ${this.received} bytes`);
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
