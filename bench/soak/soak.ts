import { setTimeout as sleep } from 'node:timers/promises';
import { askWorker } from '../../src/tunnel/control/client';
import type { Weight } from '../../test/e2e/support/watched-worker';
import { Dice } from '../../test/fuzz/dice';
import { eventually } from '../../test/support/eventually';
import { Conversation, CutShort, WrongBytes } from './conversation';
import { Excuses } from './excuses';
import { FAULTS, type SoakFault, Turns } from './faults';
import { Stage } from './stage';
import { type Kind, pickKind, PROBE, type Scale } from './traffic';
import { WorkingDay } from './working-day';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Whether what happens in eight hours happens in these minutes. */
  readonly isCompressed: boolean;
  /** Ends it early, and in order. */
  readonly signal?: AbortSignal;
  readonly onSample?: (sample: Sample) => void;
  /** Takes the worker's log, before the tunnel is closed. */
  readonly onLog?: (log: string) => void;
}

export interface Sample extends Weight {
  /** Milliseconds since the start. */
  readonly at: number;
  /** Connections made so far. */
  readonly made: number;
  /** What the worker says that it carries. */
  readonly connections: number;
  readonly sessions: number;
}

/** What was carried, broken and recovered. */
export interface SoakReport {
  readonly kinds: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly bytes: number;
  readonly messages: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly resumed: number;
  readonly sessions: number;
  /** Connections that ended before they were over, as they had to. */
  readonly excused: number;
  readonly samples: readonly Sample[];
  /** What must not be. */
  readonly wrong: readonly string[];
}

const MINUTE = 60_000;
/** The agent's timing is divided by this where time is compressed: as much as it takes. */
const COMPRESSION = 50;
const CONCURRENCY = 16;
const SCALES: Readonly<Record<'real' | 'compressed', Scale>> = {
  real: { bulk: 512 * 1024, idle: 20_000 },
  compressed: { bulk: 512 * 1024, idle: 1_500 },
};
/** Longer than it takes to notice a half-open connection, or an agent that does not shake hands. */
const HUNG_AFTER = 100_000;
const PATIENCE_SECONDS = 120;
/** Rest between a fault that is recovered from and the next, at most, in milliseconds. */
const PEACE = { real: 6_000, compressed: 700 };
/** Sessions that end sooner than this are taken for ones that cannot be had, and are asked for less and less often. */
const BETWEEN_ENDS = 6_000;
const SHORT_MINUTES = 3;
/** Of the time: from then on nothing is broken any more. */
const LAST_FAULT_AT = 0.85;
const SAMPLES = 40;

/** Everything that people and networks do to a tunnel, for as long as one likes. */
export class Soak {
  static async run(options: SoakOptions): Promise<SoakReport> {
    const stage = await Stage.build(options.isCompressed ? COMPRESSION : 1);
    try {
      return await new Soak(stage, options).run();
    } finally {
      await stage.clear();
    }
  }

  private readonly dice: Dice;
  private readonly startedAt = performance.now();
  private readonly kinds: Record<string, number> = {};
  private readonly faults: Record<string, number> = {};
  private readonly talking = new Map<Conversation, Kind>();
  private readonly excuses = new Excuses();
  private readonly wrong: string[] = [];
  private readonly samples: Sample[] = [];
  private readonly endsAt: number;
  private readonly pace: 'real' | 'compressed';
  private made = 0;
  private bytes = 0;
  private excused = 0;

  private constructor(private readonly stage: Stage, private readonly options: SoakOptions) {
    this.dice = new Dice(options.seed);
    this.endsAt = this.startedAt + options.minutes * MINUTE;
    this.pace = options.isCompressed ? 'compressed' : 'real';
  }

  private async run(): Promise<SoakReport> {
    const { stage, options } = this;
    const day = options.isCompressed ? new WorkingDay(stage.aws, options.minutes * MINUTE, (name) => this.count(this.faults, name)) : undefined;
    stage.aws.gateway.on('closed', ({ reason }) => {
      if (WorkingDay.ENDS.includes(reason)) this.excuseUntilRecovered(reason);
    });
    const watch = setInterval(() => this.look(), 1_000);
    try {
      await this.sample();
      await Promise.all([this.talk(day), this.breakThings(), this.takeSamples()]);
      day?.end();
      await this.rest();
    } finally {
      clearInterval(watch);
      day?.end();
      for (const conversation of this.talking.keys()) conversation.destroy();
    }
    options.onLog?.(await stage.log());
    this.wrong.push(...await stage.close());
    return this.report();
  }

  private get isOver(): boolean {
    return performance.now() > this.endsAt || this.options.signal?.aborted === true || !this.stage.isWorkerAlive || this.wrong.length > 20;
  }

  /** Keeps so many conversations going. */
  private async talk(day?: WorkingDay): Promise<void> {
    await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
      while (!this.isOver) {
        if (day?.isBreak) await sleep(50);
        else await this.converse(pickKind(this.dice));
      }
    }));
  }

  private async converse(kind: Kind): Promise<boolean> {
    const conversation = new Conversation(this.stage.port);
    this.talking.set(conversation, kind);
    this.made += 1;
    const startedAt = performance.now();
    const dice = new Dice(this.dice.below(2 ** 31));
    try {
      await kind.run(conversation, dice, SCALES[this.pace]);
      this.count(this.kinds, kind.name);
      return true;
    } catch (error) {
      if (!(error instanceof CutShort || error instanceof WrongBytes)) throw error;
      const ended = { startedAt, endedAt: conversation.closedAt ?? performance.now(), received: conversation.received };
      if (error instanceof CutShort && this.excuses.hold(ended)) this.excused += 1;
      else this.complain(`${kind.name}: ${error.name}: ${error.message}`);
      return false;
    } finally {
      this.bytes += conversation.received + conversation.sent;
      this.talking.delete(conversation);
      conversation.destroy();
    }
  }

  private async breakThings(): Promise<void> {
    const { minutes, signal } = this.options;
    const usable = FAULTS.filter(({ isSlow }) => !isSlow || minutes >= SHORT_MINUTES);
    const until = this.startedAt + minutes * MINUTE * LAST_FAULT_AT;
    const mild = new Turns(usable.filter(({ ends }) => ends !== 'open'), this.dice);
    const harsh = new Turns(usable.filter(({ ends }) => ends === 'open'), this.dice);
    let endedAt = this.startedAt;
    while (!this.isOver && performance.now() < until) {
      await sleep(this.dice.below(PEACE[this.pace]), undefined, { signal }).catch(() => undefined);
      const isTime = performance.now() - endedAt > BETWEEN_ENDS;
      await this.strike((isTime ? harsh : mild).next());
      if (isTime) endedAt = performance.now();
    }
  }

  private async strike(fault: SoakFault): Promise<void> {
    const { aws, target } = this.stage;
    this.count(this.faults, fault.name);
    const close = fault.ends && this.excuses.open(fault.ends);
    await fault.strike({ aws, target, dice: this.dice });
    await this.recovered(fault.name);
    await this.heard(fault.name);
    close?.();
  }

  private excuseUntilRecovered(why: string): void {
    const close = this.excuses.open('open');
    void this.recovered(why).then(async () => this.heard(why)).then(close);
  }

  /** Until the worker knows of all sessions that are over: what is on them has to end. One that was cut off learns it when it comes back. */
  private async heard(why: string): Promise<void> {
    const { aws, controlPath } = this.stage;
    const over = async () => {
      const open = new Set(aws.sessions.open().map(({ id }) => id));
      return (await askWorker(controlPath, { op: 'status' }))?.sessions.filter(({ id }) => !open.has(id)) ?? [];
    };
    await eventually(over, ({ length }) => length === 0, PATIENCE_SECONDS).catch(() => this.complain(`the worker has not heard that sessions are over: ${why}`));
  }

  /** Until a new connection is served. */
  private async recovered(why: string): Promise<void> {
    const end = performance.now() + PATIENCE_SECONDS * 1000;
    for (;;) {
      if (await this.converse(PROBE) || !this.stage.isWorkerAlive) return;
      if (performance.now() > end) return this.complain(`not recovered within ${PATIENCE_SECONDS} s: ${why}`);
      await sleep(50);
    }
  }

  private async takeSamples(): Promise<void> {
    const every = Math.max(500, (this.options.minutes * MINUTE) / SAMPLES);
    while (!this.isOver) {
      await sleep(every, undefined, { signal: this.options.signal }).catch(() => undefined);
      if (this.stage.isWorkerAlive) await this.sample();
    }
  }

  private async sample(): Promise<void> {
    const { stage, options } = this;
    const [weight, status] = [await stage.worker.weigh(), await askWorker(stage.controlPath, { op: 'status' })];
    const sample = {
      ...weight,
      at: performance.now() - this.startedAt,
      made: this.made,
      connections: status?.connections ?? -1,
      sessions: status?.sessions.length ?? -1,
    };
    this.samples.push(sample);
    options.onSample?.(sample);
  }

  /** Waits until all has ended that was begun, and looks whether the worker is as light as at the start. */
  private async rest(): Promise<void> {
    if (!this.stage.isWorkerAlive) return this.complain('the worker died');
    await eventually(() => this.talking.size, (size) => size === 0, PATIENCE_SECONDS).catch(() => undefined);
    for (const kind of this.talking.values()) this.complain(`${kind.name}: still talking at the end`);
    const status = async () => (await askWorker(this.stage.controlPath, { op: 'status' }))?.connections;
    await eventually(status, (connections) => connections === 0, 30).catch((error: Error) => this.complain(`connections of the worker: ${error.message}`));
    // Connections to AWS are kept for a while after a call.
    const [first] = this.samples;
    await eventually(() => this.stage.worker.handles, (handles) => handles <= first!.handles, 10).catch(() => undefined);
    await this.sample();
    return undefined;
  }

  private look(): void {
    for (const [conversation, kind] of this.talking) {
      if (conversation.stalledFor < HUNG_AFTER) continue;
      this.complain(`${kind.name}: hung for ${HUNG_AFTER / 1000} s after ${conversation.sent} bytes sent and ${conversation.received} received`);
      conversation.destroy();
    }
  }

  private complain(what: string): void {
    this.wrong.push(`${((performance.now() - this.startedAt) / 1000).toFixed(1)} s: ${what}`);
  }

  private count(counts: Record<string, number>, name: string): void {
    counts[name] = (counts[name] ?? 0) + 1;
  }

  private report(): SoakReport {
    const { aws } = this.stage;
    const { toAgent, toClient } = aws.gateway.counters;
    return {
      kinds: this.kinds,
      connections: this.made,
      bytes: this.bytes,
      messages: toAgent.messages + toClient.messages,
      faults: this.faults,
      resumed: aws.calls.succeeded('ResumeSession').length,
      sessions: aws.sessions.all().length,
      excused: this.excused,
      samples: this.samples,
      wrong: this.wrong,
    };
  }
}
