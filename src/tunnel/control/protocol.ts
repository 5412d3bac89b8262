import type { ResolvedTarget } from '../tunnel';

/** One request and one answer a connection, each a line of JSON. */
export type ControlRequest =
  | { readonly op: 'status' }
  | { readonly op: 'close' }
  /** The target is now reached in another way: new sessions go there. */
  | { readonly op: 'use'; readonly target: ResolvedTarget };

export type WorkerPhase = 'opening' | 'open' | 'closing';

export interface WorkerStatus {
  readonly phase: WorkerPhase;
  readonly sessionId?: string;
  readonly connections: number;
  readonly lastError?: string;
}

export type ControlAnswer = { readonly status: WorkerStatus } | { readonly error: string };

/** A line longer than this is not ours. */
export const LONGEST_LINE = 64 * 1024;
