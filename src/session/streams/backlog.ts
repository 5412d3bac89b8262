import type { Socket } from 'node:net';

const MAX_BYTES = 64 * 1024 * 1024;

/** What is read on behalf of all sockets, and can be held. */
export interface Reader {
  pause(): void;
  resume(): void;
}

/** What local sockets have not taken yet. One that stops reading does not hold up the others, until memory for it runs out: then the session waits. */
export class Backlog {
  private readonly slow = new Set<Socket>();
  private isPaused = false;

  constructor(private readonly reader: Reader, private readonly maxBytes = MAX_BYTES) {}

  /** A socket did not take all that was written to it. */
  add(socket: Socket): void {
    this.slow.add(socket);
    if (this.isPaused || this.bytes() < this.maxBytes) return;
    this.isPaused = true;
    this.reader.pause();
  }

  /** A socket has taken all, or is gone. */
  remove(socket: Socket): void {
    this.slow.delete(socket);
    if (!this.isPaused || this.bytes() >= this.maxBytes) return;
    this.isPaused = false;
    this.reader.resume();
  }

  private bytes(): number {
    let bytes = 0;
    for (const socket of this.slow) bytes += socket.writableLength;
    return bytes;
  }
}
