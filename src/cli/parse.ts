import yargs, { type Options } from 'yargs';
import { Problem } from '../problem';
import type { Command } from './command';
import { COMMANDS } from './commands';
import { type FlagName, FLAGS } from './flags';
import { EPILOGUE, USAGE } from './help';
import { suggest } from './suggest';
import { VERSION } from './version';

/** What a command line says, as text that nobody has validated yet. */
export interface Typed {
  readonly command: Command;
  readonly target?: string;
  readonly flags: Readonly<Record<string, unknown>>;
  /** What stands after `--`. */
  readonly childCommand?: readonly string[];
}

/** Of numbers, negations and dots we want none to be clever. */
const PARSER = {
  'parse-numbers': false, 'parse-positional-numbers': false, 'boolean-negation': false, 'camel-case-expansion': false, 'dot-notation': false,
};

/**
 * Reads a command line.
 * @returns what was typed, or the text of `--help` or `--version`
 * @throws Problem (USAGE)
 */
export function parse(args: readonly string[]): Typed | string {
  const [own, childCommand] = split(args);
  refuseInheritedNames(own);
  refuseSwitchesWithValue(own);
  let typed: Typed | undefined;
  let text = '';
  const parser = yargs([...own])
    .scriptName('connect').usage(USAGE).epilogue(EPILOGUE).version(VERSION).help().alias('help', 'h')
    .parserConfiguration(PARSER).detectLocale(false).exitProcess(false).wrap(null)
    .fail((message: string | null, error?: Error) => { throw Problem.is(error) ? error : usageProblem(message ?? ''); });
  for (const command of COMMANDS) {
    const pattern = `${command.name} ${command.synopsis}`.trim();
    parser.command(command === COMMANDS[0] ? [pattern, '$0'] : pattern, command.summary, (builder) => {
      for (const name of command.flags) builder.option(name, yargsOption(name));
      return command.synopsis ? builder.positional('target', { type: 'string', describe: 'Name of a target' }) : builder;
    }, ({ _: [...positionals], $0: _, target, ...flags }) => {
      typed = { command, target: target as string | undefined, flags, childCommand };
      refuseUnknown(typed, positionals.map(String));
    });
  }
  void parser.parse([...own], {}, (error: Error | undefined, __: unknown, output: string) => {
    if (error) throw error;
    text = output;
  });
  return typed ?? text;
}

/** All after the first `--` belongs to the child, and is not ours to interpret. */
function split(args: readonly string[]): [own: readonly string[], child: readonly string[] | undefined] {
  const at = args.indexOf('--');
  return at < 0 ? [args, undefined] : [args.slice(0, at), args.slice(at + 1)];
}

function yargsOption(name: FlagName): Options {
  const { summary, isSwitch, alias } = FLAGS[name];
  return isSwitch ? { type: 'boolean', describe: summary } : { type: 'string', describe: summary, alias, requiresArg: true };
}

/** To yargs, `--constructor` and the like are what every object has. */
function refuseInheritedNames(args: readonly string[]): void {
  const found = args.map((arg) => /^--([^=]+)/.exec(arg)?.[1]).find((name) => name !== undefined && name in Object.prototype);
  if (found !== undefined) throw new Problem('USAGE', `unknown flag --${found}`, { next: 'connect --help' });
}

/** yargs would take `--json=1` for false. */
function refuseSwitchesWithValue(args: readonly string[]): void {
  const found = args.find((arg) => /^--[a-z-]+=/.test(arg) && FLAGS[arg.slice(2, arg.indexOf('=')) as FlagName]?.isSwitch);
  if (found) throw new Problem('USAGE', `"${found}" has a value`, { next: `write ${found.slice(0, found.indexOf('='))}, or leave it out` });
}

function refuseUnknown(typed: Typed, positionals: readonly string[]): void {
  const { command, target, flags, childCommand } = typed;
  const extra = positionals[0] === command.name ? positionals.slice(1) : positionals;
  const allowed: readonly string[] = [...command.flags, ...command.flags.flatMap((name) => FLAGS[name].alias ?? [])];
  const unknown = Object.keys(flags).find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    const flag = unknown.length === 1 ? `-${unknown}` : `--${unknown}`;
    const meant = suggest(unknown, command.flags);
    const belongs = Object.hasOwn(FLAGS, unknown) ? `\`connect ${command.name}\` does not take ${flag}` : `unknown flag ${flag}`;
    throw new Problem('USAGE', belongs, { next: meant ? `did you mean --${meant}?` : `connect ${command.name} --help` });
  }
  if (extra.length > 0) {
    const meant = target === undefined ? undefined : suggest(target, COMMANDS.map(({ name }) => name));
    throw new Problem('USAGE', `unexpected argument "${extra[0]}"`, {
      next: meant ? `did you mean connect ${meant} ${extra[0]}?` : nextAfterExtra(typed, extra),
    });
  }
  if (childCommand && (command !== COMMANDS[0] || childCommand.length === 0)) {
    throw new Problem('USAGE', childCommand.length === 0 ? 'there is no command after --' : `\`connect ${command.name}\` runs no command`, {
      next: `connect ${target ?? '<target>'} -- psql`,
    });
  }
}

function nextAfterExtra({ command, target }: Typed, extra: readonly string[]): string {
  if (command !== COMMANDS[0]) return `connect ${command.name} --help`;
  return `to run a command through the tunnel, put -- before it: connect ${target ?? '<target>'} -- ${extra.join(' ')}`;
}

function usageProblem(message: string): Problem {
  const missing = /following: (.+)$/.exec(message)?.[1];
  return new Problem('USAGE', missing ? `--${missing} has no value` : message, { next: 'connect --help' });
}
