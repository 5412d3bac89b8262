import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DECODERS, inputsFor } from '../../test/fuzz/decoders';
import { DEFAULT_SEED, fuzz } from '../../test/fuzz/fuzz';

const USAGE = `Feeds every decoder with bad input, and with input that looks good.

  npm run fuzz -- [--inputs 1000000] [--seed ${DEFAULT_SEED}] [--only "smux parser"]

  Ends with 1 at the first input that a decoder did not stand, and says how to see it again.
`;

const MIB = 1024 * 1024;
/** What the heap may have grown by in a decoder's run, after a collection: caches of the runtime, code that was compiled. */
const MOST_GROWTH = 32 * MIB;

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is ${JSON.stringify(text)}, expected a whole number from 1 on\n\n${USAGE}`);
  return value;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use, of the heap and of buffers. */
function used(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function row(name: string, cells: readonly (string | number)[]): string {
  return `${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(12)).join('')}\n`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: String(DEFAULT_SEED) }, only: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [total, seed] = [numberOf('inputs', values.inputs), numberOf('seed', values.seed)];
  const chosen = DECODERS.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`there is no decoder ${JSON.stringify(values.only)}: ${DECODERS.map(({ name }) => name).join(', ')}`);

  process.stdout.write(row(`seed ${seed}`, ['inputs', 'taken', 'refused', 'a second', 'heap, KiB']));
  const sum = { inputs: 0, milliseconds: 0 };
  const leaks: string[] = [];
  for (const decoder of chosen) {
    await fuzz(decoder, { inputs: 500, seed });
    const before = used();
    const report = await fuzz(decoder, { inputs: values.only === undefined ? inputsFor(decoder, total) : total, seed });
    const growth = used() - before;
    sum.inputs += report.inputs;
    sum.milliseconds += report.milliseconds;
    if (growth > MOST_GROWTH) leaks.push(`${decoder.name}: ${Math.round(growth / MIB)} MiB more in use after ${report.inputs} inputs`);
    const { inputs, taken, refused, milliseconds } = report;
    process.stdout.write(row(decoder.name, [inputs, taken, refused, Math.round((inputs / milliseconds) * 1000), `${growth < 0 ? '-' : '+'}${Math.round(Math.abs(growth) / 1024)}`]));
  }
  process.stdout.write(row('all', [sum.inputs, '', '', Math.round((sum.inputs / sum.milliseconds) * 1000), '']));
  for (const leak of leaks) process.stderr.write(`${leak}\n`);
  return leaks.length > 0 ? 1 : 0;
}

main().then((code) => { process.exitCode = code; }, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
