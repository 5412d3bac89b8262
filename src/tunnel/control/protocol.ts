import type { Caller } from '../caller';
import type { LiveTunnel, ResolvedTarget } from '../tunnel';

/**
 * One request and one answer a connection, each a line of JSON. To `watch` a line more is said whenever something has changed, until one side ends.
 * A `hold` lasts until a second line, which is answered too, or until the connection ends.
 */
export type ControlRequest =
  | { readonly op: 'status' }
  | { readonly op: 'watch' }
  | CloseRequest
  | HoldRequest
  | ListenRequest
  | UseRequest;

/** The tunnel is not needed any more. */
export interface CloseRequest {
  readonly op: 'close';
  /** Milliseconds for which open connections may go on, while no others come in. @default 0 */
  readonly drain?: number;
}

/** Somebody runs a command through the tunnel, and does not want it to be closed by another who is done with it. */
export interface HoldRequest {
  readonly op: 'hold';
  /** Whether the tunnel is closed after it, unless another holds it then. @default false */
  readonly thenClose?: boolean;
}

/** The tunnel shall be reached by a Unix socket too. */
export interface ListenRequest {
  readonly op: 'listen';
  /** Its whole path. */
  readonly socket: string;
}

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
  /** Why it is closing. */
  readonly ending?: string;
}

export type ControlAnswer = { readonly status: WorkerStatus } | { readonly error: string };

/** A line longer than this is not ours. */
export const LONGEST_LINE = 64 * 1024;
