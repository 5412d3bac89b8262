import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Problem } from '../problem';
import type { Command } from './command';
import { COMMANDS } from './commands';
import { type FlagName, FLAGS } from './flags';
import { type Named, nameOnly, severalNamed } from './named';
import { suggest } from './suggest';
import { VERSION } from './version';

/** What a command line says, as text that nobody has validated yet. */
export interface Typed {
  readonly command: Command;
  readonly targets: readonly Named[];
  readonly flags: Readonly<Record<string, unknown>>;
  /** What stands after `--`. */
  readonly childCommand?: readonly string[];
}

/** All that can be typed, for whichever command: a flag means the same to all that take it. */
const OPTIONS: ParseArgsConfig['options'] = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  ...Object.fromEntries(Object.entries(FLAGS).map(([name, { isSwitch, alias: short }]) => [name, { type: isSwitch ? 'boolean' : 'string', ...(short && { short }) }])),
};

/**
 * Reads a command line.
 * @returns what was typed, or the text of `--help` or `--version`
 * @throws Problem (USAGE)
 */
export async function parse(args: readonly string[]): Promise<Typed | string> {
  const [own, childCommand] = split(args);
  refuseInheritedNames(own);
  refuseSwitchesWithValue(own);
  const { tokens } = parseArgs({ args: [...own], options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const words = tokens.flatMap((token) => token.kind === 'positional' ? token.value : []);
  const flags = readFlags(tokens.flatMap((token) => token.kind === 'option' ? token : []));
  if (flags.version) return VERSION;
  if (flags.help || words.at(-1) === 'help') {
    const { helpFor } = await import('./help/help-for');
    return helpFor(words);
  }
  const verb = COMMANDS.find(({ name }) => name === words[0]);
  return readTyped(verb ?? COMMANDS[0]!, { saysVerb: verb !== undefined, words: verb ? words.slice(1) : words, flags, childCommand });
}

/** All after the first `--` belongs to the child, and is not ours to interpret. */
function split(args: readonly string[]): [own: readonly string[], child: readonly string[] | undefined] {
  const at = args.indexOf('--');
  return at < 0 ? [args, undefined] : [args.slice(0, at), args.slice(at + 1)];
}

/** `--constructor` and the like are what every object has. */
function refuseInheritedNames(args: readonly string[]): void {
  const found = args.map((arg) => /^--([^=]+)/.exec(arg)?.[1]).find((name) => name !== undefined && name in Object.prototype);
  if (found !== undefined) throw new Problem('USAGE', `unknown flag --${found}`, { next: 'connect --help' });
}

/** Of `--json=false` nobody would know what it means. */
function refuseSwitchesWithValue(args: readonly string[]): void {
  const found = args.find((arg) => /^--[a-z-]+=/.test(arg) && FLAGS[arg.slice(2, arg.indexOf('=')) as FlagName]?.isSwitch);
  if (found) throw new Problem('USAGE', `"${found}" has a value`, { next: `write ${found.slice(0, found.indexOf('='))}, or leave it out` });
}

interface FlagToken {
  readonly name: string;
  readonly value?: string;
  /** Whether the value stands behind a `=`. */
  readonly inlineValue?: boolean;
}

/** One that was given several times has all of its values. */
function readFlags(tokens: readonly FlagToken[]): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const { name, value, inlineValue } of tokens) {
    const isValued = Object.hasOwn(FLAGS, name) && !FLAGS[name as FlagName].isSwitch;
    if (isValued && (value === undefined || (!inlineValue && /^-[^0-9]/.test(value)))) {
      throw new Problem('USAGE', `--${name} has no value`, { next: 'connect --help' });
    }
    flags[name] = isValued && name in flags ? [flags[name], value].flat() : value ?? true;
  }
  return flags;
}

interface Words extends Pick<Typed, 'flags' | 'childCommand'> {
  readonly saysVerb: boolean;
  /** What stands behind the verb. */
  readonly words: readonly string[];
}

function isForSeveral({ synopsis }: Command): boolean {
  return synopsis.includes('..');
}

function readTyped(command: Command, said: Words): Typed {
  refuseUnknown(command, said);
  const { words, flags, childCommand } = said;
  const targets = isForSeveral(command) ? severalNamed(words) : words.map(nameOnly);
  if (childCommand && targets.length > 1) {
    throw new Problem('USAGE', `a command runs through one tunnel, and ${targets.length} were named: ${words.join(', ')}`, {
      next: `connect ${words[0]} -- ${childCommand.join(' ')}`,
    });
  }
  return { command, targets, flags, childCommand };
}

function refuseUnknown(command: Command, { saysVerb, words, flags, childCommand }: Words): void {
  const [target, extra] = command.synopsis ? [words[0], words.slice(1)] : [undefined, words];
  const unknown = Object.keys(flags).find((name) => !command.flags.includes(name as FlagName));
  if (unknown !== undefined) {
    const flag = unknown.length === 1 ? `-${unknown}` : `--${unknown}`;
    const meant = suggest(unknown, command.flags);
    const belongs = Object.hasOwn(FLAGS, unknown) ? `\`connect ${command.name}\` does not take ${flag}` : `unknown flag ${flag}`;
    throw new Problem('USAGE', belongs, { next: meant ? `did you mean --${meant}?` : `connect ${command.name} --help` });
  }
  const meant = target === undefined || saysVerb || extra.length === 0 ? undefined : suggest(target, COMMANDS.map(({ name }) => name));
  if (meant || (extra.length > 0 && !isForSeveral(command))) {
    throw new Problem('USAGE', `unexpected argument "${extra[0]}"`, {
      next: meant ? `did you mean connect ${meant} ${extra[0]}? Else say the verb: connect open ${[target, ...extra].join(' ')}` : nextAfterExtra(command, target, extra),
    });
  }
  if (childCommand && (command.afterDashes === undefined || (command.afterDashes === 'command' && !childCommand[0]))) {
    throw new Problem('USAGE', !childCommand[0] ? 'there is no command after --' : `\`connect ${command.name}\` runs no command`, {
      next: `connect ${target ?? '<target>'} -- psql`,
    });
  }
}

function nextAfterExtra({ name, afterDashes }: Command, target = '<target>', extra: readonly string[] = []): string {
  if (afterDashes !== 'arguments') return `connect ${name} --help`;
  return `to give it to ${name}, put -- before it: connect ${name} ${target} -- ${extra.join(' ')}`;
}
