import type { ProblemCode } from '../../problem';
import type { ResolvedTarget, Transport } from '../tunnel';

/** What the opener tells the worker, over the channel between the two processes: never on a command line. */
export interface WorkerOrder {
  readonly type: 'order';
  /** The tunnels folder. */
  readonly dir: string;
  /** Names the tunnel's files. */
  readonly hash: string;
  readonly localPort: number;
  readonly target: ResolvedTarget;
  readonly instanceId: string;
  readonly aws: { readonly region: string; readonly profile?: string };
  readonly transport: Transport;
  readonly reason?: string;
  /** How many sessions take connections at once. */
  readonly lanes: number;
  readonly packetsPerSecond?: number;
  /** Whether every user of this machine may use the tunnel. */
  readonly shared?: boolean;
  /** The Unix socket to listen on beside the port. */
  readonly unixSocket?: string;
  /** Epoch milliseconds until which the first session may take. */
  readonly deadline: number;
}

/** The opener has seen the database answer: from here on the worker stands alone. */
export interface WorkerAdoption {
  readonly type: 'adopt';
}

export type OpenerMessage = WorkerOrder | WorkerAdoption;

export type WorkerMessage =
  | { readonly type: 'progress'; readonly level: 'debug' | 'info' | 'warn'; readonly message: string }
  /** The port is open and a session carries it. */
  | { readonly type: 'ready' }
  /** The files say so: the opener may let go. */
  | { readonly type: 'adopted' }
  | { readonly type: 'failed'; readonly problem: { readonly code: ProblemCode; readonly message: string; readonly next?: string } };
