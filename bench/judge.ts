import { FIGURE_IDS, type FigureId, figureOf, type Must, ROUND_TRIPS, type Scale } from './figures';
import type { Results } from './support/results';
import { median } from './support/statistics';

/** What the real agent gives, in MiB a second. A fixture that gives more or less is not the agent. */
export const CEILING_RANGE = [0.68, 0.85] as const;

export interface Verdict {
  /** What was held against the limit: the worst of all round trips that count. */
  readonly got: number;
  readonly met: boolean;
}

/** One value for each round, as it is held against the limit. */
const SCALES: Readonly<Record<Scale | 'itself', (results: Results, id: FigureId, roundTrip: number) => number[]>> = {
  'itself': (results, id, roundTrip) => results.samples('ours', id, roundTrip),
  'x reader': (results, id, roundTrip) => results.ratios('ours', id, 'beside.one', roundTrip),
  'x ceiling': (results, id, roundTrip) => results.ratios('ours', id, 'ceiling', roundTrip),
  'x node': (results, id, roundTrip) => {
    const bare = results.samples('ours', 'start.node', roundTrip);
    const trips = figureOf(id).must?.roundTrips ?? 0;
    return results.samples('ours', id, roundTrip).map((value, round) => (value - trips * roundTrip) / bare[round]!);
  },
  'over the round trip': (results, id, roundTrip) => results.samples('ours', id, roundTrip).map((value) => value - roundTrip),
};

const RATIOS: (Scale | undefined)[] = ['x reader', 'x ceiling'];

const BOUNDS: Readonly<Record<Must['bound'], { readonly worst: (...values: number[]) => number; readonly holds: (got: number, limit: number) => boolean }>> = {
  'at least': { worst: Math.min, holds: (got, limit) => got >= limit },
  'at most': { worst: Math.max, holds: (got, limit) => got <= limit },
};

/** Undefined for what nothing is demanded of, and for what was not measured. */
export function judge(results: Results, id: FigureId): Verdict | undefined {
  const { must } = figureOf(id);
  if (!must) return undefined;
  const held = must.at.map((roundTrip) => SCALES[must.scale ?? 'itself'](results, id, roundTrip)).filter((values) => values.length > 0);
  if (held.length === 0) return undefined;
  const { worst, holds } = BOUNDS[must.bound];
  const got = worst(...held.map(median));
  return { got, met: holds(got, must.limit) };
}

/** The ceilings that are not the real agent's, in words. While there are any, no ratio to them says anything. */
export function wrongCeilings(results: Results): string[] {
  const [least, most] = CEILING_RANGE;
  return ROUND_TRIPS.flatMap((roundTrip) => {
    const ceiling = results.median('ours', 'ceiling', roundTrip);
    return ceiling === undefined || (ceiling >= least && ceiling <= most) ? [] : [`${ceiling.toFixed(3)} MiB/s at ${roundTrip} ms`];
  });
}

/** Whether a figure is held against the ceiling. */
export function isRatio(id: FigureId): boolean {
  return RATIOS.includes(figureOf(id).must?.scale);
}

/** What must be met and is not. */
export function shortcomings(results: Results): FigureId[] {
  return FIGURE_IDS.filter((id) => judge(results, id)?.met === false);
}
