import type { Socket } from 'node:net';
import type { ProcessIdentity } from '../process-identity';
import type { ResolvedTarget } from '../tunnel';

/** One session as a carrier of bytes, whichever program speaks with AWS. */
export interface Carrier {
  /** The id of the SSM session. */
  readonly id: string;
  /** Of the SSM agent on the bastion; the official client does not say it. */
  readonly agentVersion?: string;
  /** The program that carries it, where it is not this process. */
  readonly child?: ProcessIdentity;
  readonly isOpen: boolean;
  /** Whether what was sent has not been acknowledged for so long that nobody seems to be there. */
  readonly isDeaf?: boolean;
  /** How often its connection to the service was lost and another took its place. */
  readonly reconnects?: number;
  /** What keeps it from going on now, and what to do about it. */
  readonly trouble?: string;
  /** Resolves when the session is over, with the reason; never rejects. */
  readonly ended: Promise<{ readonly reason: string }>;
  forward(socket: Socket): void;
  /** Does at once what it waits to try again: whatever stood in the way may be gone. */
  retry?(): void;
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
  /** @default - the transport's own; 0 for no limit */
  readonly packetsPerSecond?: number;
}

/** A way to get a session. Rejects with a `BastionNotConnected` or a `HandshakeTimeout` where waking the bastion may help. */
export type OpenCarrier = (request: CarrierRequest) => Promise<Carrier>;
