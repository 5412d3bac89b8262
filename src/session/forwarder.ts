import type { Socket } from 'node:net';
import { Backlog, type Reader } from './backlog';
import { breakOff } from './break-off';
import { Forwarding } from './forwarding';
import type { SmuxClient } from './smux-client';

/** Joins local sockets to streams of a session. */
export class Forwarder {
  private readonly sockets = new Set<Socket>();
  private readonly backlog: Backlog;

  /** @param halfCloseTimeout milliseconds of silence after which a peer that writes no more is taken to be gone */
  constructor(private readonly smux: SmuxClient, reader: Reader, private readonly halfCloseTimeout: number) {
    this.backlog = new Backlog(reader);
  }

  forward(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    new Forwarding(socket, (handlers) => this.smux.open(handlers), this.backlog, this.halfCloseTimeout);
  }

  destroy(): void {
    for (const socket of this.sockets) breakOff(socket);
  }
}
