import { createServer, type Server, type Socket } from 'node:net';
import { Problem } from '../../problem';
import { LOOPBACK } from '../tunnel';

const LOOPBACK_6 = '::1';
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** The tunnel's local port, on 127.0.0.1 and, where the machine has it, on ::1. */
export class Listener {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(private readonly port: number, private readonly accept: (socket: Socket) => void) {}

  get connections(): number {
    return this.sockets.size;
  }

  async listen(): Promise<void> {
    await this.listenOn(LOOPBACK);
    try {
      await this.listenOn(LOOPBACK_6);
    } catch (error) {
      if (NO_SUCH_ADDRESS.includes((error as NodeJS.ErrnoException).code ?? '')) return;
      await this.close();
      throw error;
    }
  }

  /** Accepts nothing more and cuts what is left. */
  async close(): Promise<void> {
    const closing = this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closing);
  }

  private async listenOn(host: string): Promise<void> {
    // Nothing is read before there is a session to carry it; a client that shuts down its writing side still gets its answer.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => this.take(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.port, host, exclusive: true }, resolve);
    }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' || error.code === 'EACCES' ? portTaken(this.port, error) : error;
    });
    this.servers.push(server);
  }

  private take(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    this.accept(socket);
  }
}

function portTaken(port: number, error: NodeJS.ErrnoException): Problem {
  return error.code === 'EACCES'
    ? new Problem('USAGE', `port ${port} may not be listened on by this user`, { next: 'choose one above 1023, or --port 0 for any free one', cause: error })
    : new Problem('PORT_TAKEN', `port ${port} is taken by another process`, { next: 'choose another port, or --port 0 for any free one', cause: error });
}
