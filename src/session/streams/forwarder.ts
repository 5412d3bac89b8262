import type { Socket } from 'node:net';
import { Backlog, type Reader } from './backlog';
import { breakOff } from './break-off';
import { Forwarding } from './forwarding';
import type { HalfCloseRules } from './half-close';
import type { SmuxClient } from './smux-client';

/** Joins local sockets to streams of a session. */
export class Forwarder {
  private readonly sockets = new Set<Socket>();
  private readonly backlog: Backlog;

  constructor(private readonly smux: SmuxClient, reader: Reader, private readonly halfClose: HalfCloseRules) {
    this.backlog = new Backlog(reader);
  }

  forward(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    new Forwarding(socket, (handlers) => this.smux.open(handlers), this.backlog, this.halfClose);
  }

  destroy(): void {
    for (const socket of this.sockets) breakOff(socket);
  }
}
