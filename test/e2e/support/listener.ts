import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A program that listens on a port and says nothing. */
export class Listener {
  /** @param port any free one unless given @throws Error with the code EADDRINUSE */
  static async on(port = 0, host = '127.0.0.1'): Promise<Listener> {
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    return new Listener(server);
  }

  private constructor(private readonly server: Server) {}

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const listener = await Listener.on();
  const { port } = listener;
  await listener.close();
  return port;
}
