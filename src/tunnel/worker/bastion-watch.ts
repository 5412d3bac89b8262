import { Problem } from '../../problem';
import { noBastion } from '../no-bastion';
import type { Instance, WakingOptions } from './bastion-waker';

/** Right after StartInstances an answer of DescribeInstances may still be the one from before. */
const START_SETTLES_AFTER = 15_000;

/** A bastion that does not take sessions, while it is waited for. */
export class BastionWatch {
  private current: string;
  private last?: Instance;
  private said = new Set<string>();
  private startedAt?: number;
  private reasonBefore?: string;
  private seenAwake = false;
  private seenDown = false;
  private readonly begin = Date.now();

  constructor(private readonly options: WakingOptions) {
    this.current = options.instanceId;
  }

  get instanceId(): string {
    return this.current;
  }

  /** Whether it was seen to be anything but running, or is another one than at first. */
  get wasDown(): boolean {
    return this.seenDown || this.current !== this.options.instanceId;
  }

  /** Looks at the bastion, and starts it where that helps. @returns whether it is worth asking for a session */
  async look(): Promise<boolean> {
    const { target: { bastion: { exid } }, calls, log } = this.options;
    const instance = await calls.getEc2Instance(exid).catch(ignorePassingTrouble);
    if (instance === undefined) return false;
    if (!instance) return this.miss();
    if (instance.id !== this.current) {
      log.info(`bastion ${exid} is now ${instance.id} (was ${this.current})`);
      this.current = instance.id;
    }
    this.last = instance;
    return this.act(instance);
  }

  tooLate(): Problem {
    const { exid } = this.options.target.bastion;
    const { status, autoScalingGroup: group } = this.last ?? {};
    const time = `within ${Math.round((Date.now() - this.begin) / 1000)} s`;
    if (group && !isComing(status)) {
      return new Problem('BASTION_DOWN', `the Auto Scaling group ${group} did not bring a new instance for bastion ${exid} ${time}: ${this.current} is ${inWords(status)}`, {
        next: `see what the group does: aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group} - or wait longer with --timeout`,
      });
    }
    const state = status ? `it is ${inWords(status)}` : 'what state it is in is not known';
    return new Problem('BASTION_DOWN', `bastion ${exid} (${this.current}) did not take a session ${time}: ${state}`, {
      next: status === 'RUNNING'
        ? 'look whether its SSM agent is registered (AWS console, Systems Manager, Fleet Manager) and may reach the endpoints ssm and ssmmessages'
        : 'try again with a longer --timeout',
    });
  }

  /** EC2 forgets what is terminated, and its tags sooner: a group that was seen is there still. */
  private miss(): false {
    if (!this.last?.autoScalingGroup) throw noBastion(this.options.target.bastion.exid);
    return false;
  }

  private async act(instance: Instance): Promise<boolean> {
    const { id, status, autoScalingGroup: group } = instance;
    if (status !== 'RUNNING') this.seenDown = true;
    if (isComing(status)) {
      this.seenAwake = true;
      this.say(status === 'PENDING' ? `bastion ${id} is starting: waiting` : `bastion ${id} is running, but does not take sessions yet: waiting for its agent`);
    } else if (group) {
      // A group replaces what was stopped: it is not for us to start.
      this.say(`bastion ${id} is ${inWords(status)}: waiting for its Auto Scaling group ${group} to bring a new one`, id);
    } else if (status === 'STOPPING') {
      this.say(`bastion ${id} is stopping: waiting until it can be started again`);
    } else {
      await this.wake(instance);
    }
    return status === 'RUNNING';
  }

  private async wake(instance: Instance): Promise<void> {
    if (this.startedAt !== undefined) return this.checkFallenBack(instance);
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

  /** @param once what is not said twice, however it would be said then */
  private say(message: string, once: string = message): void {
    if (this.said.has(once)) return;
    this.said.add(once);
    this.options.log.info(message);
  }
}

function isComing(status: Instance['status'] | undefined): boolean {
  return status === 'RUNNING' || status === 'PENDING';
}

function inWords(status: Instance['status'] | undefined): string {
  return status?.toLowerCase().replace('_', ' ') ?? 'unknown';
}

/** A wait of minutes does not end because AWS was asked too often, or could not be reached once. */
function ignorePassingTrouble(error: unknown): undefined {
  if (error instanceof Error && error.name === 'PassingTrouble') return undefined;
  throw error;
}
