import yargs, { type Options } from 'yargs';
import type { Command } from '../command';
import { COMMANDS } from '../commands';
import { type FlagName, FLAGS } from '../flags';
import { VERSION } from '../version';
import { layOut } from './lay-out';
import { EPILOGUE, USAGE } from './texts';
import { byTopic } from './topics';

/** The text of `--help`. @param words what was typed beside it: the verb, if any, comes first */
export function helpFor(words: readonly string[]): string {
  let text = '';
  const parser = yargs([]).scriptName('connect').usage(USAGE).epilogue(EPILOGUE).version(VERSION).help().alias('help', 'h')
    .detectLocale(false).exitProcess(false).wrap(null);
  for (const command of COMMANDS) {
    const pattern = `${command.name} ${command.synopsis}`.trim();
    parser.command(command === COMMANDS[0] ? [pattern, '$0'] : pattern, command.summary, (builder) => {
      if (command.synopsis) builder.positional(argumentOf(command), { type: 'string', describe: describeArgument(command) });
      for (const name of command.flags) builder.option(name, optionOf(name));
      for (const [topic, names] of byTopic(command.flags)) builder.group([...names], topic);
      return builder;
    });
  }
  void parser.parse([...words, '--help'], {}, (_: unknown, __: unknown, output: string) => {
    text = layOut(output);
  });
  return text;
}

function optionOf(name: FlagName): Options {
  const { summary, isSwitch, alias } = FLAGS[name];
  return isSwitch ? { type: 'boolean', describe: summary, alias } : { type: 'string', describe: summary, alias, requiresArg: true };
}

/** What yargs knows the argument by. */
function argumentOf({ synopsis }: Command): string {
  return /\w+/.exec(synopsis)?.[0] ?? 'target';
}

function describeArgument(command: Command): string {
  if (command.choices) return `One of ${command.choices.join(', ')}`;
  return command.synopsis.includes('..') ? 'Name of a target, or name=port; several are opened side by side' : 'Name of a target';
}
