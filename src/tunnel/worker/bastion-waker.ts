import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../aws/context';
import type * as slowPath from '../../aws/slow-path';
import { timeLimit } from '../../time-limit';
import type { Carrier, CarrierRequest, OpenCarrier } from '../transport/carrier';
import type { ResolvedTarget } from '../tunnel';
import { BastionWatch } from './bastion-watch';

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 3_000;
/** Between looks at a bastion that cannot take a session: a group may need minutes to bring another one. */
const LONGEST_LOOK_PAUSE = 1_000;
/** A bastion that has just come up may accept a session and not answer it. */
const HANDSHAKE_TIMEOUT = 10_000;
/** A session is asked for even when the time is all but over. */
const LEAST_TIME = 1_000;

export type Instance = slowPath.DeclaredAwsEc2Instance;

export interface BastionCalls {
  getEc2Instance(exid: string): Promise<Instance | null>;
  startEc2Instance(instanceId: string): Promise<void>;
}

export interface WakingOptions {
  readonly target: ResolvedTarget;
  readonly instanceId: string;
  readonly reason?: string;
  readonly openCarrier: OpenCarrier;
  readonly calls: BastionCalls;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly packetsPerSecond?: number;
}

export interface OpenedOnBastion {
  readonly carrier: Carrier;
  readonly instanceId: string;
  /** Whether the bastion was found to be down, or replaced: what earlier sessions on it carried is lost. */
  readonly isAnew: boolean;
}

/**
 * Opens a session at once; only where the bastion is not there to take it, looks at the bastion, starts it if it is stopped,
 * and tries again until the deadline. An instance of an Auto Scaling group is never started: its group has to bring another.
 */
export async function openOnBastion(options: WakingOptions): Promise<OpenedOnBastion> {
  const watch = new BastionWatch(options);
  for (let pause = FIRST_PAUSE; ; pause = longer(pause, LONGEST_PAUSE)) {
    const { instanceId } = watch;
    const left = Math.max(LEAST_TIME, options.deadline - Date.now());
    const timeout = timeLimit(left);
    try {
      const carrier = await options.openCarrier(carrierRequest(options, instanceId, left, timeout));
      return { carrier, instanceId, isAnew: watch.wasDown };
    } catch (error) {
      if (timeout.aborted) throw watch.tooLate();
      if (!mayBeAsleep(error)) throw error;
      options.log.debug(`no session on ${instanceId}: ${(error as Error).message}`);
    }
    for (let lookPause = FIRST_PAUSE; !await watch.look(); lookPause = longer(lookPause, LONGEST_LOOK_PAUSE)) {
      await pauseFor(lookPause, watch, options);
    }
    if (watch.instanceId === instanceId) await pauseFor(pause, watch, options);
  }
}

function longer(pause: number, longest: number): number {
  return Math.min(pause * 1.4, longest);
}

function carrierRequest(options: WakingOptions, instanceId: string, left: number, timeout: AbortSignal): CarrierRequest {
  const { target, reason, packetsPerSecond } = options;
  const signal = AbortSignal.any([options.signal, timeout]);
  return { target, instanceId, reason, packetsPerSecond, signal, startTimeout: Math.min(HANDSHAKE_TIMEOUT, left) };
}

function mayBeAsleep(error: unknown): boolean {
  return error instanceof Error && ['BastionNotConnected', 'HandshakeTimeout'].includes(error.name);
}

async function pauseFor(pause: number, watch: BastionWatch, { deadline, signal }: WakingOptions): Promise<void> {
  if (Date.now() + pause > deadline) throw watch.tooLate();
  await sleep(pause, undefined, { signal });
}
