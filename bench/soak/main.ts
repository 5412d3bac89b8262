import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Interruption } from '../../test/support/interruption';
import { type Sample, Soak, type SoakReport } from './soak';
import { failuresOf, growthOf } from './verdict';

const USAGE = `Everything that people and networks do to a tunnel, at once, for as long as one likes. Ctrl-C ends it in order.

  npm run soak -- [--minutes 10] [--seed 1] [--compressed] [--log FILE]

  --compressed  eight hours of the service's clock in these minutes
  --log FILE    the worker's log is put there
`;

const MIB = 1024 * 1024;

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new Error(`--${name} is ${JSON.stringify(text)}, expected a number above 0\n\n${USAGE}`);
  return value;
}

function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

function printSample({ at, made, connections, sessions, rss, heap, handles }: Sample): void {
  const cells = [`${(at / 60_000).toFixed(2)} min`, made, connections, sessions, mebibytes(rss), mebibytes(heap), handles];
  print(cells.map((cell) => String(cell).padStart(12)).join(''));
}

function printCounts(title: string, counts: Readonly<Record<string, number>>): void {
  print(`\n${title}`);
  for (const [name, count] of Object.entries(counts).sort()) print(`  ${String(count).padStart(8)}  ${name}`);
}

function printReport(report: SoakReport, failures: readonly string[]): void {
  const { heapSlope, rssSlope, heap, handles } = growthOf(report.samples);
  printCounts(`carried: ${report.connections} connections, ${mebibytes(report.bytes)} MiB, ${report.messages} messages`, report.kinds);
  printCounts('broken', report.faults);
  print(`\nrecovered: ${report.resumed} times resumed, ${report.sessions - 1} times by another session; ${report.excused} connections ended as they had to`);
  print(`growth for each 1,000 connections, over the second half: heap ${mebibytes(heapSlope)} MiB, peak of RSS ${mebibytes(rssSlope)} MiB`);
  print(`growth from beginning to end: heap ${mebibytes(heap)} MiB, file handles ${handles}`);
  print(failures.length === 0 ? '\nnothing was wrong' : `\nwrong:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' }, compressed: { type: 'boolean', default: false }, log: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const interruption = new Interruption();
  print(['time', 'made', 'open', 'sessions', 'RSS, MiB', 'heap, MiB', 'handles'].map((title) => title.padStart(12)).join(''));
  const report = await Soak.run({
    minutes: numberOf('minutes', values.minutes),
    seed: numberOf('seed', values.seed),
    isCompressed: values.compressed,
    signal: interruption.signal,
    onSample: printSample,
    onLog: (log) => { if (values.log !== undefined) writeFileSync(values.log, log); },
  });
  const failures = failuresOf(report);
  printReport(report, failures);
  return failures.length === 0 ? 0 : 1;
}

main().then((code) => { process.exitCode = code; }, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exitCode = 1;
});
