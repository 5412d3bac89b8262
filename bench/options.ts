import { parseArgs } from 'node:util';
import { ROWS } from './rows';
import type { Durations } from './rows/row';

/** A full run takes about ten minutes, a quick one about two; half as long again with the official client. */
const FULL = { rounds: 3, durations: { warm: 1200, measure: 3000 } };
const QUICK = { rounds: 1, durations: { warm: 1000, measure: 1500 } };

export const USAGE = `Measures the built \`connect\` against the local AWS, on this machine and without a network.

  npm run bench [-- options]

  --quick         one short round
  --only NAME     these rows only; may be repeated
  --check         exit with 1 where a figure falls short
  --json          print JSON

Rows:
${ROWS.map(({ name, about }) => `  ${name.padEnd(16)}${about}`).join('\n')}
`;

export interface Options {
  readonly help: boolean;
  readonly check: boolean;
  readonly json: boolean;
  readonly rounds: number;
  readonly durations: Durations;
  /** @default - all rows */
  readonly only?: readonly string[];
}

/** @throws Error for what is no option, and for what is no row */
export function readOptions(args: readonly string[]): Options {
  const { values: { quick, ...values } } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only?.find((name) => !ROWS.some((row) => row.name === name));
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}`);
  return { ...values, ...(quick ? QUICK : FULL) };
}
