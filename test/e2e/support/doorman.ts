import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a database, lets everybody through until told otherwise, and counts. */
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
  private readonly waiting: Socket[] = [];
  private isStalling = false;

  private constructor(database: { host: string; port: number }) {
    this.server = createServer((visitor) => {
      this.visitors += 1;
      if (this.isStalling) {
        this.waiting.push(visitor.on('error', () => undefined));
        return;
      }
      const inside = connect(database);
      visitor.pipe(inside).pipe(visitor);
      visitor.on('error', () => inside.destroy());
      inside.on('error', () => visitor.destroy());
    });
  }

  /** From here on nobody is let through, and nobody turned away. */
  stall(): void {
    this.isStalling = true;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const visitor of this.waiting) visitor.destroy();
    await closed;
  }
}
