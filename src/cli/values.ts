import { explainBadName } from '../descriptor';
import { Problem } from '../problem';
import { BadValue } from './flag-values';
import { type FlagName, FLAGS, type FlagValues, variableOf } from './flags';
import type { Environment } from './host';
import type { Typed } from './parse';

/** What the environment has no say in, beside a target or beside `--all` that was typed. */
const NOT_BESIDE_TARGET: readonly FlagName[] = ['bastion', 'cluster'];
const NOT_BESIDE_ALL: readonly FlagName[] = ['port', 'role', 'region', 'profile', ...NOT_BESIDE_TARGET];

/**
 * The validated values of a command's flags: what was typed, else what the environment says.
 * @throws Problem (USAGE) that names the flag or the variable
 */
export function readValues({ command, target, flags: typed }: Typed, environment: Environment): FlagValues {
  const values: Partial<Record<FlagName, unknown>> = {};
  const outvoted = typed.all ? NOT_BESIDE_ALL : target === undefined ? [] : NOT_BESIDE_TARGET;
  for (const name of command.flags) {
    const variable = variableOf(name);
    if (typed[name] !== undefined) {
      values[name] = FLAGS[name].isSwitch ? typed[name] : read(name, `--${name}`, typed[name]);
    } else if (FLAGS[name].inEnvironment && environment[variable] !== undefined && !outvoted.includes(name)) {
      values[name] = read(name, variable, environment[variable]);
    }
  }
  return values as FlagValues;
}

/** @throws Problem (USAGE) */
export function refuseBadName(target: string | undefined): void {
  if (target === undefined) return;
  const why = explainBadName(target);
  if (why) throw new Problem('USAGE', `"${target}" cannot be a target's name: ${why}`, { next: '`connect targets` lists the targets there are' });
}

function read(name: FlagName, source: string, value: unknown): unknown {
  if (Array.isArray(value)) throw new Problem('USAGE', `${source} was given ${value.length} times: ${value.join(', ')}`, { next: 'give it once' });
  if (value === '') throw new Problem('USAGE', `${source} is empty`, { next: source.startsWith('--') ? 'give it a value, or leave it out' : `unset ${source}` });
  try {
    return FLAGS[name].read(value as string);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new Problem('USAGE', `${source} is "${value}": ${error.message}`, { next: source.startsWith('--') ? 'connect --help' : `correct or unset ${source}` });
  }
}
