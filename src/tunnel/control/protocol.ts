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

/** Unix socket paths are cut by the kernel beyond this many bytes (104 on macOS, 108 on Linux, with the closing NUL). */
export const LONGEST_SOCKET_PATH = process.platform === 'darwin' ? 103 : 107;
