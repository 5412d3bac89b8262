import type { Socket } from 'node:net';
import type { Carrier } from '../../transport/carrier';
import type { SessionStatus, Traffic } from '../../tunnel';
import type { Addresses } from './address-watch';

/** Milliseconds until a connection that has been answered shows whether it is a busy one. */
const SETTLED_AFTER = 1_000;
/** Milliseconds without a first answer after which the agent is taken to be stuck with this connection: it dials one after another. */
const BLOCKED_AFTER = 3_000;
/** Bytes a second. A session carries about six times as many; below this others hardly notice. */
const BUSY_FROM = 128 * 1024;

interface Carried {
  readonly socket: Socket;
  readonly since: number;
}

/** One session of a tunnel, and the connections that it carries. */
export class Lane {
  /** Gets no more connections. */
  isRetired = false;
  /** Runs since the last connection was gone. */
  idleTimer?: NodeJS.Timeout;
  private readonly connections = new Set<Carried>();
  private readonly since = new Date();
  private readonly begin = performance.now();
  private readonly ofClosed = { in: 0, out: 0 };
  private bytesPerSecond = 0;
  private measured = { at: this.begin, bytes: 0 };

  /**
   * @param addresses what the target's name led to when the session was opened, as far as that can be seen from here
   * @param emptied called each time that the last connection is gone
   */
  constructor(readonly carrier: Carrier, readonly addresses: Promise<Addresses | undefined>, private readonly emptied: () => void) {}

  forward(socket: Socket): void {
    const connection = { socket, since: performance.now() };
    this.connections.add(connection);
    socket.once('close', () => {
      this.connections.delete(connection);
      this.ofClosed.in += socket.bytesWritten;
      this.ofClosed.out += socket.bytesRead;
      if (this.connections.size === 0) this.emptied();
    });
    this.carrier.forward(socket);
  }

  get count(): number {
    return this.connections.size;
  }

  /** Whether new connections may go here. */
  get takesMore(): boolean {
    return this.carrier.isOpen && !this.carrier.isDeaf && !this.isRetired;
  }

  /** Milliseconds. */
  get age(): number {
    return performance.now() - this.begin;
  }

  /** A connection on it may have much to carry: it does, or it is too young for one to know. */
  get isBusy(): boolean {
    if (this.bytesPerSecond >= BUSY_FROM) return true;
    const now = performance.now();
    return [...this.connections].some((connection) => {
      // Who has said all there was to say is about to go.
      if (connection.socket.readableEnded) return false;
      return !isAnswered(connection) || now - connection.since < SETTLED_AFTER;
    });
  }

  /** How long the agent has been dialling for one connection, in milliseconds, and could take no other meanwhile; 0 where it is not stuck. */
  get blockedFor(): number {
    const newestFirst = [...this.connections].reverse();
    const answered = newestFirst.findIndex(isAnswered);
    // It dials in turn: an answer to one says that all before it were dialled.
    const waiting = answered < 0 ? newestFirst : newestFirst.slice(0, answered);
    const oldest = waiting.at(-1);
    const time = oldest ? performance.now() - oldest.since : 0;
    return time < BLOCKED_AFTER ? 0 : time;
  }

  /** Takes down how much has been carried since the last time. */
  measure(): void {
    const now = performance.now();
    const { in: received, out: sent } = this.traffic;
    const bytes = received + sent;
    this.bytesPerSecond = ((bytes - this.measured.bytes) * 1000) / Math.max(1, now - this.measured.at);
    this.measured = { at: now, bytes };
  }

  get status(): SessionStatus {
    const { id, reconnects, trouble } = this.carrier;
    return { id, since: this.since.toISOString(), connections: this.count, traffic: this.traffic, reconnects, trouble };
  }

  get traffic(): Traffic {
    const traffic = { ...this.ofClosed };
    for (const { socket } of this.connections) {
      traffic.in += socket.bytesWritten;
      traffic.out += socket.bytesRead;
    }
    return traffic;
  }
}

function isAnswered({ socket }: Carried): boolean {
  return socket.bytesWritten > 0;
}
