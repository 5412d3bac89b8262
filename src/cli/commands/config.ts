import { DEFAULT_LANES, type Transport } from '../../tunnel/tunnel';
import { type Call, type Command, COMMON_FLAGS } from '../command';
import { DEFAULTS, type FlagName, FLAGS, type FlagValues } from '../flags';
import { table } from '../output';
import type { Setting } from '../settings/setting';
import { open } from './open';

/** What the SDK reads for itself, where nobody says anything else. */
const VARIABLES_OF_AWS: { readonly [Name in FlagName]?: readonly string[] } = { region: ['AWS_REGION', 'AWS_DEFAULT_REGION'], profile: ['AWS_PROFILE'] };

export const config: Command = {
  name: 'config',
  synopsis: '[target]',
  summary: 'Show each setting that a target would be opened with, and its source',
  flags: [...new Set([...open.flags, ...COMMON_FLAGS])],
  async run(call) {
    const { target, name, project, output } = call;
    output.remark(project ? `project file: ${project.path}` : 'no project file');
    const found = open.flags.filter((flag) => !COMMON_FLAGS.includes(flag)).map((flag) => [flag, settingOf(flag, call)] as const);
    const rows = found.map(([flag, { value, source }]) => [flag, value === null ? '-' : String(value), source.where]);
    if (target !== name) rows.unshift(['target', target ?? '-', `${project!.label}: targets.${name}`]);
    output.result(table([['SETTING', 'VALUE', 'SOURCE'], ...rows]), { name, target, file: project?.path, settings: Object.fromEntries(found) });
    return 0;
  },
};

function settingOf(name: FlagName, { settings, environment }: Call): Setting {
  if (settings[name]) return settings[name];
  const variable = VARIABLES_OF_AWS[name]?.find((each) => environment[each]);
  if (variable) return { value: environment[variable], source: { kind: 'environment', where: variable } };
  return { value: defaultOf(name, settings.transport?.value as Transport) ?? null, source: { kind: 'default', where: 'default' } };
}

function defaultOf(name: FlagName, transport: Transport = DEFAULTS.transport): unknown {
  if (name === 'lanes') return DEFAULT_LANES[transport];
  return (DEFAULTS as FlagValues)[name] ?? (FLAGS[name].isSwitch ? false : undefined);
}
