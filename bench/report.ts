import { cpus, loadavg, platform, release } from 'node:os';
import { type Figure, FIGURE_IDS, type FigureId, figureOf, type Must, ROUND_TRIPS, type Scale } from './figures';
import { CEILING_RANGE, isRatio, judge, wrongCeilings } from './judge';
import type { Subject } from './rows/row';
import type { Outcome } from './run';
import type { Results } from './support/results';

const DIGITS: Readonly<Record<Figure['unit'], number>> = { 'ms': 1, 'MiB/s': 2, 'MiB': 0, 'ms/MiB': 0, '1/s': 0 };
const LABEL_WIDTH = 46;
const VALUE_WIDTH = 9;
const BOUNDS: Readonly<Record<Must['bound'], string>> = { 'at least': '>=', 'at most': '<=' };
const SCALES: Readonly<Record<Scale | 'itself', (value: string) => string>> = {
  'itself': (value) => value,
  'x reader': (value) => `${value} x reader`,
  'x node': (value) => `${value} x node`,
  'x ceiling': (value) => `${value} x ceiling`,
  'over the round trip': (value) => `RTT + ${value}`,
};

/** The machine, as far as it matters to who compares runs. */
export function machine(): Record<string, string | number> {
  const [cpu] = cpus();
  return {
    platform: `${platform()} ${release()}`, cpu: cpu?.model ?? 'unknown', cores: cpus().length, load: Number(loadavg()[0]!.toFixed(2)), node: process.version,
  };
}

/** The table for people. */
export function inWords({ results, notes, failures }: Outcome): string {
  const wrong = wrongCeilings(results);
  return [
    line('added round trip', ROUND_TRIPS.map((roundTrip) => `${roundTrip} ms`), 'got (must)'),
    ...FIGURE_IDS.filter((id) => isMeasured(results, id)).flatMap((id) => linesOf(results, id)),
    '',
    '* measured elsewhere: the same rows with session-manager-plugin 1.2.677 and the agent\'s own code, on another machine',
    '  "0 ms" is the 1 ms each way that the fixture needs; everything is the median of all rounds',
    '  the ceiling is what a reader gets that does nothing but acknowledge; "a reader beside it" is the ceiling at the very same time',
    ...notes.map((note) => `  ${note}`),
    ...failures.map((failure) => `FAILED: ${failure}`),
    ...(wrong.length === 0 ? [] : [
      '',
      `THE FIXTURE IS NOT THE AGENT: its ceiling is ${wrong.join(', ')}; it must be ${CEILING_RANGE.join(' to ')} MiB/s.`,
      'No ratio to the ceiling is claimed. Run again on a machine that is less busy.',
    ]),
  ].join('\n');
}

/** The same for machines. */
export function inJson({ results, notes, failures }: Outcome): object {
  const samples = (subject: Subject, id: FigureId): Record<string, readonly number[]> =>
    Object.fromEntries(ROUND_TRIPS.map((roundTrip) => [roundTrip, results.samples(subject, id, roundTrip)]));
  return {
    machine: machine(),
    wrongCeilings: wrongCeilings(results),
    figures: FIGURE_IDS.filter((id) => isMeasured(results, id)).map((id) => ({
      id,
      ...figureOf(id),
      samples: samples('ours', id),
      officialHere: samples('official', id),
      verdict: verdictOf(results, id),
    })),
    notes,
    failures,
  };
}

function isMeasured(results: Results, id: FigureId): boolean {
  return ROUND_TRIPS.some((roundTrip) => results.samples('ours', id, roundTrip).length > 0);
}

/** What nobody may claim while the ceiling is wrong is left out. */
function verdictOf(results: Results, id: FigureId): ReturnType<typeof judge> {
  return isRatio(id) && wrongCeilings(results).length > 0 ? undefined : judge(results, id);
}

function linesOf(results: Results, id: FigureId): string[] {
  const { label, unit, official } = figureOf(id);
  const here = valuesOf(results, 'official', id);
  return [
    line(`${label} [${unit}]`, valuesOf(results, 'ours', id), mustInWords(results, id)),
    ...(here.every((value) => value === '') ? [] : [line('  official client, in this run', here)]),
    ...(typeof official === 'string' ? [`  official client*: ${official}`] : []),
    ...(typeof official === 'object' ? [line('  official client*', ROUND_TRIPS.map((roundTrip) => official[roundTrip] ?? ''))] : []),
  ];
}

function line(label: string, values: readonly string[], remark = ''): string {
  return `${label.padEnd(LABEL_WIDTH)}${values.map((value) => value.padStart(VALUE_WIDTH)).join('')}  ${remark}`.trimEnd();
}

function valuesOf(results: Results, subject: Subject, id: FigureId): string[] {
  return ROUND_TRIPS.map((roundTrip) => results.median(subject, id, roundTrip)?.toFixed(DIGITS[figureOf(id).unit]) ?? '');
}

function mustInWords(results: Results, id: FigureId): string {
  const { must } = figureOf(id);
  if (!must) return '';
  const verdict = verdictOf(results, id);
  const limit = `${BOUNDS[must.bound]} ${must.limit}${must.aim === undefined ? '' : `, aim ${must.aim}`}`;
  if (!verdict) return `not claimed (${limit})`;
  const where = must.at.length === 1 ? ` at ${must.at[0]}` : '';
  return `${SCALES[must.scale ?? 'itself'](verdict.got.toFixed(2))}${where}: ${verdict.met ? 'met' : 'FALLS SHORT'} (${limit})`;
}
