import { explainBadName } from '../../descriptor';
import { Problem } from '../../problem';
import { printable } from '../../text';
import { type FlagName, FLAGS, variableOf } from '../flags';
import { suggest } from '../suggest';
import { CORRECT_FILE, readSetting, type Setting, type Settings } from './setting';

/** What a project file says of one target. */
export interface ProjectTarget {
  /** The name of its descriptor; undefined for a cluster that has none. */
  readonly target?: string;
  readonly values: Settings;
}

/** What a team has agreed on about its targets. */
export interface ProjectFile {
  /** As messages call it: `connect.json`, `../package.json`. */
  readonly label: string;
  readonly path: string;
  /** For all targets. */
  readonly values: Settings;
  readonly targets: ReadonlyMap<string, ProjectTarget>;
}

/** Where a text stands that has been read. */
export interface Place {
  readonly label: string;
  readonly path: string;
  /** The keys that lead to what is ours: none in `connect.json`. */
  readonly within: readonly string[];
}

export const FILE_FLAGS = (Object.keys(FLAGS) as FlagName[]).filter((name) => FLAGS[name].inFile);
const LOOKED_UP: readonly FlagName[] = ['bastion', 'cluster'];

/**
 * What a project file says, all of it validated.
 * @throws Problem (USAGE) that names the file and the first key that is not as it should be
 */
export function parseProjectFile(json: unknown, { label, path, within }: Place): ProjectFile {
  const at = (keys: readonly string[]): string => [`${label}:`, [...within, ...keys].map((key) => printable(key, 100)).join('.')].join(' ').replace(/: ?$/, '');
  const top = new Section(json, [], at);
  top.refuseUnknown(['$schema', 'targets', ...FILE_FLAGS]);
  const values = top.settings();
  const targets = new Map<string, ProjectTarget>();
  if (top.has('targets')) {
    for (const [name, entry] of top.section('targets').entries()) targets.set(name, targetOf(name, entry, values));
  }
  return { label, path, values, targets };
}

function targetOf(name: string, entry: Section, all: Settings): ProjectTarget {
  refuseBadName(name, entry.where());
  entry.refuseUnknown(['target', ...FILE_FLAGS]);
  const values = entry.settings();
  const lookedUp = LOOKED_UP.filter((flag) => values[flag]);
  if (lookedUp.length === 0) {
    const target = entry.has('target') ? entry.text('target') : name;
    refuseBadName(target, entry.where('target'));
    return { target, values };
  }
  if (entry.has('target')) throw bad(`${entry.where()} has both "target" and "${lookedUp[0]}"`, 'leave one of them out: a target\'s descriptor names both bastion and cluster');
  const missing = LOOKED_UP.find((flag) => !values[flag] && !all[flag]);
  if (missing) throw bad(`${entry.where()} has "${lookedUp[0]}" without "${missing}"`, `add "${missing}": it takes both to open what has no descriptor`);
  return { values };
}

function refuseBadName(name: string, where: string): void {
  const why = explainBadName(name);
  if (why) throw bad(`${where} cannot be a target's name: ${why}`);
}

function bad(message: string, next = CORRECT_FILE): Problem {
  return new Problem('USAGE', message, { next });
}

/** One object of the file, which knows where it stands. */
class Section {
  private readonly object: Readonly<Record<string, unknown>>;

  constructor(json: unknown, private readonly keys: readonly string[], private readonly at: (keys: readonly string[]) => string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad(`${this.where()} is no object: expected { ... }`);
    this.object = json as Record<string, unknown>;
  }

  where(...keys: string[]): string {
    return this.at([...this.keys, ...keys]);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  text(key: string): string {
    const value = this.object[key];
    if (typeof value !== 'string') throw bad(`${this.where(key)} is no text: expected "..."`);
    return value;
  }

  section(key: string): Section {
    return new Section(this.object[key], [...this.keys, key], this.at);
  }

  entries(): [string, Section][] {
    return Object.keys(this.object).map((key) => [key, this.section(key)]);
  }

  settings(): Settings {
    const read = (name: FlagName): Setting => readSetting(name, this.object[name], { kind: 'file', where: this.where(name) });
    return Object.fromEntries(FILE_FLAGS.filter((name) => this.has(name)).map((name) => [name, read(name)]));
  }

  refuseUnknown(known: readonly string[]): void {
    const key = Object.keys(this.object).find((each) => !known.includes(each));
    if (key === undefined) return;
    if (Object.hasOwn(FLAGS, key)) throw bad(`${this.where(key)} is not for a file: it has to be said each time`, howToSay(key as FlagName));
    const meant = suggest(key, known);
    throw bad(`${this.where(key)} is not known`, meant ? `did you mean "${meant}"?` : `what may stand there: ${known.join(', ')}`);
  }
}

function howToSay(name: FlagName): string {
  return `take it out, and type --${name}${FLAGS[name].inEnvironment ? ` or set ${variableOf(name)}` : ''}`;
}
