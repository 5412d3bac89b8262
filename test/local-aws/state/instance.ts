import { EventEmitter, once } from 'node:events';
import { AwsError } from '../aws-error';
import type { Place } from '../place';

export const STATE_CODES = { 'pending': 0, 'running': 16, 'shutting-down': 32, 'terminated': 48, 'stopping': 64, 'stopped': 80 } as const;
export type InstanceState = keyof typeof STATE_CODES;

/** How long the slow things take, in milliseconds. May be changed at any time; what is under way is not hurried. */
export interface InstanceTiming {
  pending: number;
  stopping: number;
  shuttingDown: number;
  /** From `running` until the agent is online and sessions can be started. */
  agentDelay: number;
  /** From the end of a group's instance until the group launches another. */
  healing: number;
}

export interface InstanceReason { readonly code: string; readonly message: string }

export interface InstanceSettings extends Place {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly imageId: string;
  readonly instanceType: string;
  readonly architecture: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly securityGroupIds: readonly string[];
  readonly privateIp: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly launchTime: Date;
}

export interface StateChange { readonly previous: InstanceState; readonly current: InstanceState }

interface InstanceEvents { state: [InstanceState]; agentGone: [] }

const BY_USER: InstanceReason = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };

/** One machine and its life. */
export class Instance extends EventEmitter<InstanceEvents> {
  launchTime: Date;
  stateReason?: InstanceReason;
  stateTransitionReason = '';
  /** Without it a start is refused with InsufficientInstanceCapacity. */
  hasCapacity = true;

  #state: InstanceState = 'running';
  #next?: NodeJS.Timeout;
  #startFailure?: InstanceReason;
  #agentOnlineAt = 0;

  constructor(readonly settings: InstanceSettings, private readonly timing: InstanceTiming) {
    super();
    this.launchTime = settings.launchTime;
  }

  get id(): string {
    return this.settings.id;
  }

  get state(): InstanceState {
    return this.#state;
  }

  get isLive(): boolean {
    return this.#state !== 'shutting-down' && this.#state !== 'terminated';
  }

  /** Whether Systems Manager can start sessions on it. */
  get isAgentOnline(): boolean {
    return this.#state === 'running' && Date.now() >= this.#agentOnlineAt;
  }

  start(): StateChange {
    const previous = this.#state;
    if (previous === 'pending' || previous === 'running') return { previous, current: previous };
    if (previous !== 'stopped') throw this.#notInState('started');
    if (!this.hasCapacity) throw new AwsError('InsufficientInstanceCapacity');
    this.boot();
    return { previous, current: 'pending' };
  }

  /** Begins to run, as after a start or a launch. */
  boot(): void {
    this.launchTime = seconds(new Date());
    this.stateReason = undefined;
    this.stateTransitionReason = '';
    this.#enter('pending');
    this.#later(this.timing.pending, () => (this.#startFailure === undefined ? this.#run() : this.#fallBack(this.#startFailure)));
  }

  stop(): StateChange {
    const previous = this.#state;
    if (previous === 'stopping' || previous === 'stopped') return { previous, current: previous };
    if (this.settings.rootDeviceType !== 'ebs') {
      throw new AwsError('UnsupportedOperation', `The instance '${this.id}' does not have an 'ebs' root device type and cannot be stopped.`);
    }
    if (previous !== 'running') throw this.#notInState('stopped');
    this.#endByUser();
    this.#enter('stopping');
    this.#later(this.timing.stopping, () => this.#enter('stopped'));
    return { previous, current: 'stopping' };
  }

  terminate(): void {
    if (!this.isLive) return;
    this.#endByUser();
    this.#enter('shutting-down');
    this.#later(this.timing.shuttingDown, () => this.#enter('terminated'));
  }

  /** Puts it into a state at once, where it stays: a forced `pending` lasts until it is forced on. */
  force(state: InstanceState): void {
    if (state === 'running') this.#run();
    else this.#enter(state);
  }

  /** From now on a start goes to `pending` and then back to `stopped`, for this reason; without one, starts succeed again. */
  failStarts(reason?: InstanceReason): void {
    this.#startFailure = reason;
  }

  /** Its agent loses its connection, until `bringAgentOnline` or the next start. */
  takeAgentOffline(): void {
    this.#agentOnlineAt = Infinity;
    this.emit('agentGone');
  }

  bringAgentOnline(): void {
    this.#agentOnlineAt = 0;
  }

  async whenState(state: InstanceState): Promise<void> {
    while (this.#state !== state) await once(this, 'state');
  }

  /** Ends what is under way. */
  close(): void {
    clearTimeout(this.#next);
  }

  #run(): void {
    this.#agentOnlineAt = Date.now() + this.timing.agentDelay;
    this.#enter('running');
  }

  #fallBack(reason: InstanceReason): void {
    this.stateReason = reason;
    this.stateTransitionReason = reason.message;
    this.#enter('stopped');
  }

  #endByUser(): void {
    this.stateReason = BY_USER;
    this.stateTransitionReason = `User initiated (${new Date().toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
  }

  #enter(state: InstanceState): void {
    clearTimeout(this.#next);
    const wasRunning = this.#state === 'running';
    this.#state = state;
    if (wasRunning && state !== 'running') this.emit('agentGone');
    this.emit('state', state);
  }

  #later(delay: number, step: () => void): void {
    this.#next = setTimeout(step, delay);
  }

  #notInState(done: 'started' | 'stopped'): AwsError {
    return new AwsError('IncorrectInstanceState', `The instance '${this.id}' is not in a state from which it can be ${done}.`);
  }
}

/** EC2 keeps launch times in whole seconds. */
export function seconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
