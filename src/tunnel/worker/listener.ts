import { createServer, type Server, type Socket } from 'node:net';
import { Problem } from '../../problem';
import { breakOff, reset } from '../../session';
import { LOOPBACK } from '../tunnel';
import { listenOnSocket } from './listen-on-socket';

const LOOPBACK_6 = '::1';
/** Milliseconds for those who have their whole answer to read what is left of it. */
const LAST_WORDS = 1_000;
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** Who says which connections come in. */
export interface Door {
  /** The port is listened on, and nobody has come in yet. */
  start(): void;
  /** Never rejects. */
  admits(socket: Socket): Promise<boolean>;
}

/** The tunnel's local port, on 127.0.0.1 and, where the machine has it, on ::1; and its Unix sockets, whose files' mode is their door. */
export class Listener {
  private readonly servers: Server[] = [];
  private readonly stopping: Promise<unknown>[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(private readonly port: number, private readonly door: Door, private readonly accept: (socket: Socket) => void) {}

  get connections(): number {
    return this.sockets.size;
  }

  async listen(): Promise<void> {
    await this.listenOn(LOOPBACK);
    this.door.start();
    try {
      await this.listenOn(LOOPBACK_6);
    } catch (error) {
      if (NO_SUCH_ADDRESS.includes((error as NodeJS.ErrnoException).code ?? '')) return;
      await this.close();
      throw error;
    }
  }

  /** Listens on a Unix socket too. @throws Problem when it cannot be had */
  async listenOnSocket(path: string): Promise<void> {
    const server = this.serverWith(this.accept);
    await listenOnSocket(server, path);
    this.servers.push(server);
  }

  /** Accepts nothing more, and waits until all who are there have gone. */
  async stop(): Promise<void> {
    this.stopping.push(...this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    await Promise.all(this.stopping);
  }

  /** Accepts nothing more and cuts what is left. */
  async close(): Promise<void> {
    const stopped = this.stop();
    for (const socket of this.sockets) breakOff(socket);
    const timer = setTimeout(() => this.sockets.forEach(cutShort), LAST_WORDS);
    await stopped;
    clearTimeout(timer);
  }

  private async listenOn(host: string): Promise<void> {
    const server = this.serverWith((socket) => void this.take(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.port, host, exclusive: true }, resolve);
    }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' || error.code === 'EACCES' ? portTaken(this.port, error) : error;
    });
    this.servers.push(server);
  }

  /** Nothing is read before there is a session to carry it; a client that shuts down its writing side still gets its answer. */
  private serverWith(take: (socket: Socket) => void): Server {
    return createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      take(socket);
    });
  }

  private async take(socket: Socket): Promise<void> {
    const isWelcome = await this.door.admits(socket);
    if (socket.destroyed) return;
    if (isWelcome) this.accept(socket);
    else reset(socket);
  }
}

/** Who does not read would keep us for ever. What is cut short must not pass for a whole answer. */
function cutShort(socket: Socket): void {
  if (socket.writableLength > 0) reset(socket);
  else socket.destroy();
}

function portTaken(port: number, error: NodeJS.ErrnoException): Problem {
  return error.code === 'EACCES'
    ? new Problem('USAGE', `port ${port} may not be listened on by this user`, { next: 'choose one above 1023, or --port 0 for any free one', cause: error })
    : new Problem('PORT_TAKEN', `port ${port} is taken by another process`, { next: 'choose another port, or --port 0 for any free one', cause: error });
}
