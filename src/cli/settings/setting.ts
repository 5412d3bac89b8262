import { shown } from '../../descriptor';
import { Problem } from '../../problem';
import { BadValue } from '../flag-values';
import { type FlagName, FLAGS, type FlagValues } from '../flags';

/** Who said a value. What stands first wins. */
export type SourceKind = 'flag' | 'environment' | 'file' | 'default';

export interface Source {
  readonly kind: SourceKind;
  /** Where a person finds it: `--port`, `CONNECT_PORT`, `connect.json: targets.ahbodedb.port`. */
  readonly where: string;
}

export interface Setting<Value = unknown> {
  readonly value: Value;
  readonly source: Source;
}

/** The values of flags, and who said them. */
export type Settings = { readonly [Name in FlagName]?: Setting<FlagValues[Name]> };

/** What to do about a value that is empty, or cannot be taken. */
const ADVICE: Readonly<Record<SourceKind, (where: string) => readonly [empty: string, bad: string]>> = {
  flag: () => ['give it a value, or leave it out', 'connect --help'],
  environment: (variable) => [`unset ${variable}`, `correct or unset ${variable}`],
  file: () => [CORRECT_FILE, CORRECT_FILE],
  default: () => ['', ''],
};

/** What can always be done about a project file. */
export const CORRECT_FILE = 'correct the file, or add --config none to read no project file';

/**
 * The value of a flag, from what somebody said.
 * @throws Problem (USAGE) that says where it was said
 */
export function readSetting(name: FlagName, said: unknown, source: Source): Setting {
  const { kind, where } = source;
  const [nextWhenEmpty, nextWhenBad] = ADVICE[kind](where);
  if (Array.isArray(said) && kind === 'flag') throw new Problem('USAGE', `${where} was given ${said.length} times: ${said.join(', ')}`, { next: 'give it once' });
  if (said === '') throw new Problem('USAGE', `${where} is empty`, { next: nextWhenEmpty });
  try {
    return { value: FLAGS[name].read(textOf(said)), source };
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new Problem('USAGE', `${where} is ${shown(said)}: ${error.message}`, { next: nextWhenBad });
  }
}

/** JSON has numbers and booleans too. */
function textOf(said: unknown): string {
  if (typeof said === 'string' || typeof said === 'number' || typeof said === 'boolean') return String(said);
  throw new BadValue('expected a text or a number');
}
