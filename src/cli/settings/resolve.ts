import { Problem } from '../../problem';
import type { Command } from '../command';
import { type FlagName, FLAGS, type FlagValues, variableOf } from '../flags';
import type { Environment } from '../host';
import type { Named } from '../named';
import type { ProjectFile } from './project-file';
import { readSetting, type Setting, type Settings } from './setting';

/** What a command line says, and what there is beside it. */
export interface Said {
  readonly command: Command;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly file?: ProjectFile;
}

/** Somebody who may say a value. */
type Speaker = (name: FlagName) => Setting | undefined;

/** What nobody but a flag has a say in, beside a target or beside `--all` that was typed. */
const NOT_BESIDE_TARGET: readonly FlagName[] = ['bastion', 'cluster'];
const NOT_BESIDE_ALL: readonly FlagName[] = ['port', 'role', 'region', 'profile', ...NOT_BESIDE_TARGET];
/** On which port a project would have a tunnel opened says nothing of where it is open. */
const NOT_OF_OPEN: readonly FlagName[] = ['port'];

/**
 * The validated values of a command's flags, and who said them: what was typed, else what the environment says, else what the project file says
 * of the target, else what it says of all.
 * @throws Problem (USAGE) that says where a value that cannot be taken was said
 */
export function resolveSettings(said: Said, named?: Named): Settings {
  const { command, flags, environment, file } = said;
  const speakers = [byFlag(flags, named), byEnvironment(environment, flags, named), ...byFile(file, said, named)];
  const settings: Partial<Record<FlagName, Setting>> = {};
  for (const name of command.flags) {
    for (const speaker of speakers) settings[name] ??= speaker(name);
  }
  return settings as Settings;
}

/** The values alone. */
export function valuesOf(settings: Settings): FlagValues {
  return Object.fromEntries(Object.entries(settings).flatMap(([name, setting]) => (setting ? [[name, setting.value]] : [])));
}

/** Which project file to read: a word that no file has a say in. */
export function toldFile({ flags, environment }: Said): string | undefined {
  return (byFlag(flags)('config') ?? byEnvironment(environment, flags)('config'))?.value as string | undefined;
}

function byFlag(typed: Said['flags'], named?: Named): Speaker {
  if (named?.port !== undefined && typed.port !== undefined) {
    throw new Problem('USAGE', `${named.typed} and --port ${String(typed.port)} both name a port`, { next: `connect ${named.typed}` });
  }
  return (name) => {
    if (name === 'port' && named?.port !== undefined) return readSetting(name, named.port, { kind: 'flag', where: `the port of ${named.name}` });
    if (typed[name] === undefined) return undefined;
    const source = { kind: 'flag', where: `--${name}` } as const;
    return FLAGS[name].isSwitch ? { value: typed[name], source } : readSetting(name, typed[name], source);
  };
}

function byEnvironment(environment: Environment, typed: Said['flags'], named?: Named): Speaker {
  const outvoted = typed.all ? NOT_BESIDE_ALL : named ? NOT_BESIDE_TARGET : [];
  return (name) => {
    const variable = variableOf(name);
    if (!FLAGS[name].inEnvironment || environment[variable] === undefined || outvoted.includes(name)) return undefined;
    return readSetting(name, environment[variable], { kind: 'environment', where: variable });
  };
}

function byFile(file: ProjectFile | undefined, { command, flags }: Said, named?: Named): Speaker[] {
  // What is open is open whatever the project says: only of a target that was named it may say what that is.
  if (!file || flags.all || (command.looksAtOpen && !named)) return [];
  const entry = named && file.targets.get(named.name);
  const outvoted = [...(command.looksAtOpen ? NOT_OF_OPEN : []), ...(named && (!entry || entry.target) ? NOT_BESIDE_TARGET : [])];
  return [entry?.values, file.values].map((values) => (name) => (outvoted.includes(name) ? undefined : values?.[name]));
}
