import type { Socket } from 'node:net';
import type { HalfClosedPeer } from '../../session';
import { peerName } from './peer-name';
import { type Peer, PeerTable } from './peer-table';

/** Milliseconds: a peer that closes shuts down its writing side first, and is not gone yet when we see that. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 2_000;
const GROWTH = 1.5;
/** At most a fifth of the time is spent on looking, however long the table is. */
const PAUSE_PER_LOOK = 4;
/** What the kernel's table shows is no snapshot: that a peer is missing counts when it is missing twice. */
const MISSES = 2;

interface Watched {
  /** @default - it was gone before it could be named */
  readonly name?: string;
  readonly tell: (peer: HalfClosedPeer) => void;
  wasSeen: boolean;
  misses: number;
}

/** Tells peers that write no more and read on from those that are gone. All share one look; where there is none to watch, nothing runs. */
export class HalfCloseWatch {
  private readonly watched = new Set<Watched>();
  private pause = FIRST_PAUSE;
  private timer?: NodeJS.Timeout;

  constructor(private readonly table = new PeerTable()) {}

  /**
   * @param tell called once, when the peer is gone or when it turns out that this cannot be told here
   * @returns what ends the watch
   */
  watch(socket: Socket, tell: (peer: HalfClosedPeer) => void): () => void {
    const watched: Watched = { name: peerName(socket), tell, wasSeen: false, misses: 0 };
    this.watched.add(watched);
    this.pause = FIRST_PAUSE;
    this.schedule(this.pause);
    return () => this.forget(watched);
  }

  private schedule(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), pause).unref();
  }

  private forget(watched: Watched): void {
    this.watched.delete(watched);
    if (this.watched.size === 0) clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const begin = performance.now();
    await Promise.all([...this.watched].map(async (watched) => this.judge(watched)));
    this.pause = Math.min(LONGEST_PAUSE, this.pause * GROWTH);
    if (this.watched.size > 0) this.schedule(Math.max(this.pause, PAUSE_PER_LOOK * (performance.now() - begin)));
  }

  private async judge(watched: Watched): Promise<void> {
    const verdict = await this.verdictOn(watched);
    if (verdict === undefined || !this.watched.has(watched)) return;
    this.forget(watched);
    watched.tell(verdict);
  }

  /** Never rejects. @returns undefined while the peer may still read */
  private async verdictOn(watched: Watched): Promise<HalfClosedPeer | undefined> {
    let peer: Peer | undefined;
    try {
      peer = watched.name === undefined ? undefined : await this.table.find(watched.name);
    } catch {
      // A table that could be read before can be read again, once there are file handles to be had.
      return watched.wasSeen ? undefined : 'unknown';
    }
    if (peer) {
      watched.wasSeen = true;
      watched.misses = 0;
      return peer.isHeld ? undefined : 'gone';
    }
    watched.misses++;
    if (watched.misses < MISSES) return undefined;
    // What was never there is somewhere that this table does not show, as on the other side of a virtual machine's forwarding.
    return watched.wasSeen ? 'gone' : 'unknown';
  }
}
