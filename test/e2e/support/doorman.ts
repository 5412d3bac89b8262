import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** Stands before a database, lets everybody through, and counts. */
export class Doorman {
  static async before(database: { host: string; port: number }): Promise<Doorman> {
    const doorman = new Doorman(database);
    await once(doorman.server.listen(0, doorman.host), 'listening');
    doorman.port = (doorman.server.address() as AddressInfo).port;
    return doorman;
  }

  readonly host = '127.0.0.1';
  port = 0;
  visitors = 0;
  private readonly server: Server;

  private constructor(database: { host: string; port: number }) {
    this.server = createServer((visitor) => {
      this.visitors += 1;
      const inside = connect(database);
      visitor.pipe(inside).pipe(visitor);
      visitor.on('error', () => inside.destroy());
      inside.on('error', () => visitor.destroy());
    });
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}
