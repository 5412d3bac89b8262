import type { Caller } from '../caller';
import type { LiveTunnel, ResolvedTarget } from '../tunnel';

/** One request and one answer a connection, each a line of JSON. */
export type ControlRequest =
  | { readonly op: 'status' }
  | { readonly op: 'close' }
  | UseRequest;

/** Somebody wants to use the tunnel. */
export interface UseRequest {
  readonly op: 'use';
  /** Where it now is: new sessions go there. */
  readonly target: ResolvedTarget;
  /** In whose name AWS may be asked, should the worker's own credentials not do any more. @default - in nobody else's: the release before had none */
  readonly caller?: Caller;
  readonly lanes?: number;
  readonly packetsPerSecond?: number;
  /** From here on every user of this machine may use it. */
  readonly shared?: boolean;
}

export type WorkerPhase = 'opening' | 'open' | 'closing';

export interface WorkerStatus extends LiveTunnel {
  readonly phase: WorkerPhase;
}

export type ControlAnswer = { readonly status: WorkerStatus } | { readonly error: string };

/** A line longer than this is not ours. */
export const LONGEST_LINE = 64 * 1024;
