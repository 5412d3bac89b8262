import type { Socket } from 'node:net';
import type { Log } from '../../aws/context';
import { Doorkeeper } from '../peers';
import { findFreePort } from '../ports';
import type { Carrier } from '../transport/carrier';
import { Listener } from '../worker/listener';

interface Visit {
  readonly socket: Socket;
  /** Whether the visitor went before the far side did. */
  leftFirst: boolean;
}

/** A way through a session from a local port, for as long as the walk takes, and what becomes of those who go it. Lets in whom a tunnel would. */
export class Door {
  /** @throws Problem when no port can be had */
  static async before(carrier: Carrier, log: Log): Promise<Door> {
    const door = new Door(carrier, log, await findFreePort(0));
    await door.listener.listen();
    return door;
  }

  private readonly listener: Listener;
  private readonly visits: Visit[] = [];

  private constructor(carrier: Carrier, log: Log, readonly port: number) {
    this.listener = new Listener(port, new Doorkeeper({ port, log }), (socket) => {
      const visit: Visit = { socket, leftFirst: false };
      const leave = (): void => { visit.leftFirst ||= !socket.writableEnded; };
      socket.once('end', leave).once('error', leave);
      this.visits.push(visit);
      carrier.forward(socket);
    });
  }

  /** Whether a byte has come back to anybody. */
  get hasAnswered(): boolean {
    return this.visits.some(({ socket }) => socket.bytesWritten > 0);
  }

  /** Whether the far side ended every visit, without a word. */
  get turnsAllAway(): boolean {
    return this.visits.length > 0 && this.visits.every(({ socket, leftFirst }) => socket.writableEnded && !leftFirst && socket.bytesWritten === 0);
  }

  async close(): Promise<void> {
    await this.listener.close();
  }
}
