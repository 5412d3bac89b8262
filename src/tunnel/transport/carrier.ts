import type { Socket } from 'node:net';
import type { ProcessIdentity } from '../process-identity';
import type { ResolvedTarget } from '../tunnel';

/** One session as a carrier of bytes, whichever program speaks with AWS. */
export interface Carrier {
  /** The id of the SSM session. */
  readonly id: string;
  /** The program that carries it, where it is not this process. */
  readonly child?: ProcessIdentity;
  readonly isOpen: boolean;
  readonly openStreams: number;
  /** Resolves when the session is over, with the reason; never rejects. */
  readonly ended: Promise<{ readonly reason: string }>;
  forward(socket: Socket): void;
  /** Ends the session here and in AWS. May be called more than once. */
  close(): Promise<void>;
}

export interface CarrierRequest {
  readonly target: ResolvedTarget;
  readonly instanceId: string;
  readonly reason?: string;
  /** Milliseconds for the handshake. */
  readonly startTimeout: number;
  readonly signal?: AbortSignal;
}

/** A way to get a session. Rejects with a `BastionNotConnected` or a `HandshakeTimeout` where waking the bastion may help. */
export type OpenCarrier = (request: CarrierRequest) => Promise<Carrier>;
