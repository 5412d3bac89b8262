import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../aws/context';
import { Problem } from '../../../problem';
import { reasonOf } from '../../../text';
import type { ResolvedTarget } from '../../tunnel';
import type { OpenedOnBastion } from '../bastion-waker';
import { StartGate } from './start-gate';

const STEP = 250;

/** Why there is no session, and what to type. */
export interface Trouble {
  readonly message: string;
  readonly next?: string;
}

export interface OpenerOptions {
  readonly target: ResolvedTarget;
  readonly instanceId: string;
  readonly log: Log;
  open(target: ResolvedTarget, instanceId: string, deadline: number, signal: AbortSignal): Promise<OpenedOnBastion>;
}

/** Opens sessions to where the target is, no more often than AWS can bear. */
export class SessionOpener {
  target: ResolvedTarget;
  instanceId: string;
  trouble?: Trouble;
  readonly gate = new StartGate();
  private failure: unknown = new Problem('SESSION_FAILED', 'sessions end as soon as they are opened', { next: 'connect logs says why' });
  /** Counts where the target was found to be: a session that is opened to where it was is not taken. */
  private way = 0;
  private readonly openings = new Set<Promise<OpenedOnBastion>>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: OpenerOptions) {
    this.target = options.target;
    this.instanceId = options.instanceId;
  }

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** From now on sessions go to where the target now is. @returns whether that is elsewhere */
  use(target: ResolvedTarget): boolean {
    const moved = !isSameWay(this.target, target);
    this.target = target;
    if (!moved) return false;
    this.way++;
    this.instanceId = target.bastion.instanceId ?? this.instanceId;
    this.options.log.info(`the target is now ${target.host}:${target.port} by ${this.instanceId}: new connections go there`);
    return true;
  }

  /**
   * @param deadline epoch milliseconds
   * @param outlastsTrouble whether trouble that passes, as when AWS has too much to do, is waited out until then
   * @throws Problem, also at once where one was refused just now and waiting does not help
   */
  async open(deadline: number, outlastsTrouble = false): Promise<OpenedOnBastion> {
    const opening = outlastsTrouble ? this.openAtLast(deadline) : this.openInTime(deadline);
    this.openings.add(opening);
    try {
      return await opening;
    } finally {
      this.openings.delete(opening);
    }
  }

  /** Stops what is being opened, and waits until nothing is. */
  async stop(why: string): Promise<void> {
    this.stopping.abort(new Problem('SESSION_FAILED', `the tunnel was closed (${why})`, { next: 'open it again' }));
    await Promise.allSettled(this.openings);
  }

  private async openAtLast(deadline: number): Promise<OpenedOnBastion> {
    for (;;) {
      try {
        return await this.openInTime(deadline);
      } catch (error) {
        const { closedFor, isWorthWaiting } = this.gate;
        if (this.isStopped || !isWorthWaiting || Date.now() + closedFor > deadline) throw error;
      }
    }
  }

  private async openInTime(deadline: number): Promise<OpenedOnBastion> {
    const { signal } = this.stopping;
    signal.throwIfAborted();
    await this.passGate(deadline);
    const { way } = this;
    try {
      const opened = await this.options.open(this.target, this.instanceId, deadline, signal);
      if (way !== this.way || signal.aborted) {
        await opened.carrier.close();
        signal.throwIfAborted();
        return await this.openInTime(deadline);
      }
      this.instanceId = opened.instanceId;
      this.trouble = undefined;
      return opened;
    } catch (error) {
      // What is stopped says in many words that it was; the reason is ours.
      const reason: unknown = signal.aborted ? signal.reason : error;
      if (way === this.way) this.note(reason);
      throw reason;
    }
  }

  /** The gate may be opened before its time, so the wait is in small steps. */
  private async passGate(deadline: number): Promise<void> {
    const { gate, stopping: { signal } } = this;
    for (let pause = gate.closedFor; pause > 0; pause = gate.closedFor) {
      if (!gate.isWorthWaiting || Date.now() + pause > deadline) throw this.failure;
      await sleep(Math.min(pause, STEP), undefined, { signal, ref: false }).catch(() => signal.throwIfAborted());
    }
  }

  private note(error: unknown): void {
    this.failure = error;
    this.trouble = { message: reasonOf(error), next: Problem.is(error) ? error.next : undefined };
    if (!this.isStopped) this.gate.failed(error);
  }
}

function isSameWay(one: ResolvedTarget, other: ResolvedTarget): boolean {
  return one.host === other.host && one.port === other.port && one.document.name === other.document.name
    && (other.bastion.instanceId === undefined || one.bastion.instanceId === other.bastion.instanceId);
}
