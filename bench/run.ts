import { once } from 'node:events';
import { timeLimit } from '../src/time-limit';
import { type Measured, ROUND_TRIPS } from './figures';
import { BARE_ROWS, TUNNEL_ROWS } from './rows';
import { ceilingRow } from './rows/ceiling';
import { type Durations, type Scene, type Subject, type TunnelRow, type Way, WAYS } from './rows/row';
import { Results } from './support/results';
import type { Stage } from './support/stage';

/** A row that takes longer than this hangs. */
const ROW_LIMIT = 120_000;

export interface RunOptions {
  readonly rounds: number;
  readonly durations: Durations;
  /** @default - all rows */
  readonly only?: readonly string[];
  readonly subjects: readonly Subject[];
  readonly interrupted: AbortSignal;
  readonly say: (progress: string) => void;
}

/** What came of a run, and what did not. */
export interface Outcome {
  readonly results: Results;
  readonly notes: readonly string[];
  /** Rows that broke off. */
  readonly failures: readonly string[];
}

/** One run: all rounds, each with all round trips, so that what else the machine does falls on all alike. */
export class Run {
  private readonly results = new Results();
  private readonly notes = new Set<string>();
  private readonly failures: string[] = [];
  private round = 0;

  constructor(private readonly stage: Stage, private readonly options: RunOptions) {}

  async toTheEnd(): Promise<Outcome> {
    const { rounds } = this.options;
    for (; this.round < rounds; this.round++) {
      for (const roundTrip of ROUND_TRIPS) await this.measureAt(roundTrip);
    }
    const { paused, closed, resentByClients, resentByAgents } = await this.stage.fixture.ask('objections');
    this.notes.add(`for sending too much, the service paused an agent ${paused} times and closed on a client ${closed} times`);
    this.notes.add(`sent again: ${resentByClients} messages by clients, ${resentByAgents} by agents`);
    return { results: this.results, notes: [...this.notes], failures: this.failures };
  }

  private async measureAt(roundTrip: number): Promise<void> {
    for (const row of BARE_ROWS) {
      // The ceiling is measured whatever was asked for: others are held against it.
      if (!row.roundTrips.includes(roundTrip) || !(row === ceilingRow || this.isWanted(row.name))) continue;
      await this.stage.fixture.ask('setNetwork', { roundTrip, packetsPerSecond: row.packetsPerSecond });
      await this.measure('ours', roundTrip, row.name, async (scene) => row.measure(scene));
    }
    for (const [name, way] of Object.entries<Way>(WAYS)) {
      const rows = TUNNEL_ROWS.filter((row) => row.way === name && row.roundTrips.includes(roundTrip) && this.isWanted(row.name));
      if (rows.length === 0) continue;
      await this.stage.fixture.ask('setNetwork', { roundTrip, packetsPerSecond: way.packetsPerSecond });
      for (const subject of this.options.subjects) await this.measureThrough(way, subject, roundTrip, rows);
    }
  }

  private async measureThrough(way: Way, subject: Subject, roundTrip: number, rows: readonly TunnelRow[]): Promise<void> {
    const { tunnels } = this.stage;
    const flags = way.flags[subject];
    if (flags === undefined) return;
    const unknown = flags.find((flag) => flag.startsWith('--') && !tunnels.has(flag));
    if (unknown !== undefined) {
      this.notes.add(`left out, since this build has no ${unknown}: ${rows.map(({ name }) => name).join(', ')}`);
      return;
    }
    try {
      const tunnel = await tunnels.open(flags);
      for (const row of rows) await this.measure(subject, roundTrip, row.name, async (scene) => row.measure(scene, tunnel));
      await tunnels.closeAll();
    } catch (error) {
      this.fail(subject, `a tunnel for ${rows.map(({ name }) => name).join(', ')} at ${roundTrip} ms`, error);
    }
  }

  private async measure(subject: Subject, roundTrip: number, name: string, act: (scene: Scene) => Promise<Measured>): Promise<void> {
    const { durations, interrupted, say, rounds } = this.options;
    const { fixture, target, tunnels, crowd } = this.stage;
    interrupted.throwIfAborted();
    say(`round ${this.round + 1} of ${rounds}, ${roundTrip} ms, ${subject === 'ours' ? name : `${name} (official client)`}`);
    const signal = timeLimit(ROW_LIMIT, interrupted);
    try {
      this.results.add(this.round, subject, roundTrip, await Promise.race([
        act({ ...durations, fixture, target, tunnels, crowd, roundTrip, signal }),
        once(signal, 'abort').then(() => { throw signal.reason; }),
      ]));
    } catch (error) {
      this.fail(subject, `${name} at ${roundTrip} ms`, error);
    }
  }

  /** What others' programs fail at is worth a note. */
  private fail(subject: Subject, what: string, error: unknown): void {
    this.options.interrupted.throwIfAborted();
    const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    if (subject === 'ours') this.failures.push(message);
    else this.notes.add(`the official client broke off: ${message}`);
  }

  private isWanted(name: string): boolean {
    return this.options.only?.includes(name) ?? true;
  }
}
