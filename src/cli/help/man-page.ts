import type { Command } from '../command';
import { choicesOf, type FlagName, FLAGS, variableOf } from '../flags';
import { AFTER_DASHES, EXIT_TABLE } from './exit-codes';
import { DESCRIPTION, EXAMPLES, FILES, SUMMARY } from './texts';

/** `man connect`, from the tables that `--help` is made from. */
export function manPage(commands: readonly Command[], version: string): string {
  const flags = Object.keys(FLAGS) as FlagName[];
  return [
    `.TH CONNECT 1 "" "tunnelable-rds-cluster ${version}"`,
    section('NAME', `connect \\- ${escaped(SUMMARY)}`),
    section('SYNOPSIS', ['connect \\fItarget\\fR ...', ...commands.map(synopsisOf)].map((line) => `${line}\n.br`).join('\n')),
    section('DESCRIPTION', DESCRIPTION.map(escaped).join('\n.PP\n')),
    section('COMMANDS', commands.map((command) => entry(synopsisOf(command), commandText(command))).join('\n')),
    section('FLAGS', flags.map((name) => entry(flagHead(name), escaped(`${FLAGS[name].summary}.`))).join('\n')),
    section('ENVIRONMENT', flags.filter((name) => FLAGS[name].inEnvironment).map((name) => entry(variableOf(name), `As \\fB\\-\\-${escaped(name)}\\fR.`)).join('\n')),
    section('FILES', FILES.map(([path, holds]) => entry(escaped(path), escaped(holds))).join('\n')),
    section('EXIT STATUS', [...EXIT_TABLE.map(([code, meaning]) => entry(String(code), escaped(`${meaning}.`))), `.PP\n${escaped(`${AFTER_DASHES}.`)}`].join('\n')),
    section('EXAMPLES', EXAMPLES.map(([line, does]) => entry(escaped(line), escaped(does))).join('\n')),
  ].join('\n') + '\n';
}

function section(title: string, text: string): string {
  return `.SH ${title}\n${text}`;
}

function entry(head: string, text: string): string {
  return `.TP\n.B ${head}\n${text}`;
}

function synopsisOf({ name, synopsis }: Command): string {
  return `connect ${name} ${escaped(synopsis)}`.trim();
}

function commandText({ summary, flags }: Command): string {
  return `${escaped(summary)}.\nFlags: ${flags.map((name) => escaped(`--${name}`)).join(', ')}.`;
}

function flagHead(name: FlagName): string {
  const { alias, isSwitch } = FLAGS[name];
  const value = isSwitch ? '' : ` \\fI${escaped(choicesOf(name).join('|') || name)}\\fR`;
  return escaped(alias ? `-${alias}, --${name}` : `--${name}`) + value;
}

/** What roff would take for an instruction. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^(?=[.'])/gm, '\\&');
}
