import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../aws/context';
import type * as slowPath from '../../aws/slow-path';
import { Problem } from '../../problem';
import { noBastion } from '../no-bastion';
import type { Carrier, CarrierRequest, OpenCarrier } from '../transport/carrier';
import type { ResolvedTarget } from '../tunnel';

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 3_000;
/** Right after StartInstances an answer of DescribeInstances may still be the one from before. */
const START_SETTLES_AFTER = 15_000;
/** A bastion that has just come up may accept a session and not answer it. */
const HANDSHAKE_TIMEOUT = 10_000;
/** A session is asked for even when the time is all but over. */
const LEAST_TIME = 1_000;

type Instance = slowPath.DeclaredAwsEc2Instance;

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
}

/**
 * Opens a session at once; only where the bastion is not there to take it, looks at the bastion, starts it if it is stopped,
 * and tries again until the deadline.
 */
export async function openOnBastion(options: WakingOptions): Promise<{ carrier: Carrier; instanceId: string }> {
  const waker = new BastionWaker(options);
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.4, LONGEST_PAUSE)) {
    const { instanceId } = waker;
    const left = Math.max(LEAST_TIME, options.deadline - Date.now());
    const timeout = AbortSignal.timeout(left);
    try {
      return { carrier: await options.openCarrier(carrierRequest(options, instanceId, left, timeout)), instanceId };
    } catch (error) {
      if (timeout.aborted) throw waker.tooLate();
      if (!mayBeAsleep(error)) throw error;
      options.log.debug(`no session on ${instanceId}: ${(error as Error).message}`);
    }
    while (!await waker.look()) await pauseFor(pause, waker, options);
    if (waker.instanceId === instanceId) await pauseFor(pause, waker, options);
  }
}

function carrierRequest({ target, reason, signal }: WakingOptions, instanceId: string, left: number, timeout: AbortSignal): CarrierRequest {
  return { target, instanceId, reason, signal: AbortSignal.any([signal, timeout]), startTimeout: Math.min(HANDSHAKE_TIMEOUT, left) };
}

function mayBeAsleep(error: unknown): boolean {
  return error instanceof Error && ['BastionNotConnected', 'HandshakeTimeout'].includes(error.name);
}

async function pauseFor(pause: number, waker: BastionWaker, { deadline, signal }: WakingOptions): Promise<void> {
  if (Date.now() + pause > deadline) throw waker.tooLate();
  await sleep(pause, undefined, { signal });
}

class BastionWaker {
  private current: string;
  private last?: Instance;
  private said = new Set<string>();
  private startedAt?: number;
  private reasonBefore?: string;
  private seenAwake = false;
  private readonly begin = Date.now();

  constructor(private readonly options: WakingOptions) {
    this.current = options.instanceId;
  }

  get instanceId(): string {
    return this.current;
  }

  /** Looks at the bastion, and starts it where that helps. @returns whether it is worth asking for a session */
  async look(): Promise<boolean> {
    const { target: { bastion: { exid } }, calls, log } = this.options;
    const instance = await calls.getEc2Instance(exid).catch(ignorePassingTrouble);
    if (instance === undefined) return false;
    if (!instance) throw noBastion(exid);
    if (instance.id !== this.current) {
      log.info(`bastion ${exid} is now ${instance.id} (was ${this.current})`);
      this.current = instance.id;
    }
    this.last = instance;
    return this.act(instance);
  }

  tooLate(): Problem {
    const seconds = Math.round((Date.now() - this.begin) / 1000);
    const state = this.last ? `it is ${this.last.status.toLowerCase()}` : 'it was not found';
    return new Problem('BASTION_DOWN', `bastion ${this.options.target.bastion.exid} (${this.current}) did not take a session within ${seconds} s: ${state}`, {
      next: this.last?.status === 'RUNNING'
        ? 'look whether its SSM agent is registered (AWS console, Systems Manager, Fleet Manager) and may reach the endpoints ssm and ssmmessages'
        : 'try again with a longer --timeout',
    });
  }

  private async act(instance: Instance): Promise<boolean> {
    switch (instance.status) {
      case 'RUNNING':
        this.seenAwake = true;
        this.say(`bastion ${instance.id} is running, but does not take sessions yet: waiting for its agent`);
        return true;
      case 'PENDING':
        this.seenAwake = true;
        this.say(`bastion ${instance.id} is starting: waiting`);
        return false;
      case 'STOPPING':
        this.say(`bastion ${instance.id} is stopping: waiting until it can be started again`);
        return false;
      default:
        await this.wake(instance);
        return false;
    }
  }

  private async wake(instance: Instance): Promise<void> {
    if (this.startedAt !== undefined) return this.checkFallenBack(instance);
    if (instance.autoScalingGroup) return this.say(`bastion ${instance.id} is stopped: waiting for its group ${instance.autoScalingGroup} to replace it`);
    this.say(`bastion ${instance.id} is stopped: starting it`);
    this.reasonBefore = instance.statusReason;
    await this.options.calls.startEc2Instance(instance.id);
    this.startedAt = Date.now();
    if (this.options.target.foundBy === 'lookup') {
      this.options.log.warn(`bastion ${instance.id} has no descriptor, so it may not stop by itself: \`connect close --stop-bastion\` stops it`);
    }
  }

  private checkFallenBack(instance: Instance): void {
    const settled = Date.now() - this.startedAt! > START_SETTLES_AFTER;
    if (!this.seenAwake && !settled && instance.statusReason === this.reasonBefore) return;
    throw new Problem('BASTION_DOWN', `bastion ${instance.id} was started and fell back to stopped: ${instance.statusReason ?? 'AWS gives no reason'}`, {
      next: `look at the instance: aws ec2 describe-instances --instance-ids ${instance.id} --query 'Reservations[].Instances[].StateReason'`,
    });
  }

  private say(message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    this.options.log.info(message);
  }
}

/** A wait of minutes does not end because AWS was asked too often, or could not be reached once. */
function ignorePassingTrouble(error: unknown): undefined {
  if (error instanceof Error && error.name === 'PassingTrouble') return undefined;
  throw error;
}
