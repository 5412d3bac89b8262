import type { Socket } from 'node:net';
import { LONGEST_LINE, type WorkerStatus } from './protocol';

/** Milliseconds: sessions that are lost and resumed tell nobody. */
const LOOK_EVERY = 250;

/** Those who watch a tunnel: each is told at first how it is, and then whenever that has changed. While there is none, nothing runs. */
export class Watchers {
  private readonly told = new Map<Socket, string>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly look: () => Promise<WorkerStatus>) {}

  async add(socket: Socket): Promise<void> {
    if (socket.destroyed) return;
    this.told.set(socket, '');
    socket.once('close', () => this.remove(socket));
    this.timer ??= setInterval(() => void this.tell(), LOOK_EVERY).unref();
    await this.tell();
  }

  async tell(): Promise<void> {
    if (this.told.size === 0) return;
    const status = await this.look();
    const essence = essenceOf(status);
    for (const [socket, last] of this.told) {
      if (last === essence) continue;
      this.told.set(socket, essence);
      socket.write(`${JSON.stringify({ status })}\n`);
      // Who does not read is told nothing more.
      if (socket.writableLength > LONGEST_LINE) socket.destroy();
    }
  }

  private remove(socket: Socket): void {
    this.told.delete(socket);
    if (this.told.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** What is worth a word: not that bytes are carried, and not by how many connections. */
function essenceOf({ traffic, connections, sessions, ...status }: WorkerStatus): string {
  return JSON.stringify({ ...status, sessions: sessions.map(({ id, reconnects, trouble }) => ({ id, reconnects, trouble })) });
}
