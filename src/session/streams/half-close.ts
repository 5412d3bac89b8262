import type { Socket } from 'node:net';

/** What has become of a peer that writes no more: nobody is there any more to read, or this cannot be told. */
export type HalfClosedPeer = 'gone' | 'unknown';

/**
 * Watches the peer of a local connection that writes no more.
 * @param tell called once, when there is something to tell
 * @returns what ends the watch
 */
export type WatchHalfClosed = (socket: Socket, tell: (peer: HalfClosedPeer) => void) => () => void;

/** How long a connection whose peer writes no more is kept for its answer. */
export interface HalfCloseRules {
  /** Milliseconds of silence after which a peer of which nothing is known is taken to be gone. */
  readonly timeout: number;
  /** @default - nothing is known of any peer */
  readonly watch?: WatchHalfClosed;
}
