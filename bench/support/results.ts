import type { FigureId, Measured } from '../figures';
import type { Subject } from '../rows/row';
import { median } from './statistics';

/** What was measured, round by round. */
export class Results {
  private readonly rounds: Map<string, number>[] = [];

  add(round: number, subject: Subject, roundTrip: number, measured: Measured): void {
    const samples = this.rounds[round] ??= new Map();
    for (const [id, value] of Object.entries(measured)) if (Number.isFinite(value)) samples.set(`${subject} ${id} ${roundTrip}`, value);
  }

  /** One value for each round in which there is one. */
  samples(subject: Subject, id: FigureId, roundTrip: number): number[] {
    return this.held(subject, id, roundTrip, () => 1);
  }

  /** The same, each divided by what a figure was in its own round. */
  ratios(subject: Subject, id: FigureId, by: FigureId, roundTrip: number): number[] {
    return this.held(subject, id, roundTrip, (round) => round.get(`ours ${by} ${roundTrip}`));
  }

  median(subject: Subject, id: FigureId, roundTrip: number): number | undefined {
    const samples = this.samples(subject, id, roundTrip);
    return samples.length === 0 ? undefined : median(samples);
  }

  private held(subject: Subject, id: FigureId, roundTrip: number, divisor: (round: Map<string, number>) => number | undefined): number[] {
    return this.rounds.flatMap((round) => {
      const [value, by] = [round?.get(`${subject} ${id} ${roundTrip}`), round && divisor(round)];
      return value === undefined || by === undefined ? [] : [value / by];
    });
  }
}
