import type { Command } from '../command';
import { choicesOf, type FlagName, FLAGS } from '../flags';

/** What a word on the command line may become. */
export interface Candidate {
  readonly word: string;
  readonly summary?: string;
}

/** Where names come from. Each is asked only when one of its names could stand there. */
export interface Names {
  /** The targets that one may connect to. */
  targets(): Promise<readonly string[]>;
  /** The targets that a tunnel is open to. */
  open(): Promise<readonly string[]>;
}

/** A command line as far as it is typed. */
interface Typing {
  /** The word that the cursor is in. */
  readonly current: string;
  /** The flag before it, if that wants a value. */
  readonly flag?: FlagName;
  readonly given: readonly string[];
  readonly command?: Command;
  readonly positionals: readonly string[];
}

/** What the last of some words may become; the words after `connect` are given, and the last may be empty. */
export async function candidatesFor(words: readonly string[], commands: readonly Command[], names: Names): Promise<Candidate[]> {
  const typing = read(words, commands);
  const found = await possible(typing, commands, names);
  return found.filter(({ word }) => word.startsWith(typing.current));
}

async function possible({ current, flag, given, command, positionals }: Typing, commands: readonly Command[], names: Names): Promise<Candidate[]> {
  if (flag) return choicesOf(flag).map((word) => ({ word }));
  const attached = flagOf(/^(--[a-z-]+)=/.exec(current)?.[1]);
  if (attached) return choicesOf(attached).map((choice) => ({ word: `--${attached}=${choice}` }));
  if (current.startsWith('-')) {
    const flags = (command ?? commands[0]!).flags.filter((name) => !given.includes(`--${name}`));
    return flags.map((name) => ({ word: `--${name}`, summary: FLAGS[name].summary }));
  }
  if (command?.choices) return positionals.length === 0 ? command.choices.map((word) => ({ word })) : [];
  if (command) return takesAnother(command, positionals) ? described(await names[command.looksAtOpen ? 'open' : 'targets'](), positionals) : [];
  const verbs = commands.map(({ name, summary }) => ({ word: name, summary }));
  return [...described(await names.targets(), []), ...verbs];
}

function read(words: readonly string[], commands: readonly Command[]): Typing {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const given = before.filter((word) => word.startsWith('-')).map(fullName);
  const bare = before.filter((word, i) => !word.startsWith('-') && !wantsValue(before[i - 1]));
  const command = commands.find(({ name }) => name === bare[0]);
  // A target without a verb is opened.
  const implied = bare.length > 0 ? commands[0] : undefined;
  const last = before.at(-1);
  const flag = wantsValue(last) ? flagOf(last) : undefined;
  return { current, flag, given, command: command ?? implied, positionals: command ? bare.slice(1) : bare };
}

function takesAnother({ synopsis }: Command, positionals: readonly string[]): boolean {
  return synopsis.includes('target') && (synopsis.includes('..') || positionals.length === 0);
}

function described(names: readonly string[], given: readonly string[]): Candidate[] {
  return names.filter((name) => !given.includes(name)).map((word) => ({ word, summary: 'target' }));
}

function wantsValue(word: string | undefined): boolean {
  const flag = flagOf(word);
  return flag !== undefined && !FLAGS[flag].isSwitch;
}

/** The flag that a word is, by its name or its letter. */
function flagOf(word: string | undefined): FlagName | undefined {
  const name = word === undefined ? '' : fullName(word).slice(2);
  return Object.hasOwn(FLAGS, name) ? name as FlagName : undefined;
}

function fullName(word: string): string {
  const names = Object.keys(FLAGS) as FlagName[];
  const named = names.find((name) => word === `-${FLAGS[name].alias}`);
  return named ? `--${named}` : word;
}
