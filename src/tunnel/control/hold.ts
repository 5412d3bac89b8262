import { connect } from 'node:net';
import { exchange } from './exchange';
import type { HoldRequest, WorkerStatus } from './protocol';

/** A tunnel that is not to be closed by others who are done with it. It is held until it is let go, or this process ends. */
export interface Hold {
  /** Lets go. @returns what the worker says to it: `closing` where nobody else holds the tunnel and it was to be closed then */
  release(): Promise<WorkerStatus | undefined>;
  /** The same, without waiting for the answer. */
  drop(): void;
}

/** Holds a tunnel. @returns undefined where its worker does not answer, or is of the release before, which knows of no such thing */
export async function holdTunnel(controlPath: string, request: Omit<HoldRequest, 'op'>): Promise<Hold | undefined> {
  const socket = connect(controlPath);
  const drop = (): void => void socket.destroy();
  // That the worker ends is not for us to say: whoever uses the tunnel notices.
  socket.on('error', drop);
  if (await exchange(socket, { op: 'hold', ...request } satisfies HoldRequest) === undefined) {
    drop();
    return undefined;
  }
  return { drop, release: async () => exchange(socket, { op: 'release' }).finally(drop) };
}
