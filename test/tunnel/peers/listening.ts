import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A port of this machine that takes connections as a tunnel's listener does: half-open, and reading nothing by itself. */
export class Listening {
  static async on(host: string = '127.0.0.1'): Promise<Listening> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    await once(server.listen(0, host), 'listening');
    return new Listening(server);
  }

  private readonly sockets: Socket[] = [];

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.sockets.push(socket.on('error', () => undefined)));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next connection. */
  async accept(): Promise<Socket> {
    const [socket] = await once(this.server, 'connection') as [Socket];
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
