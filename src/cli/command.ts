import type { AwsContext } from '../tunnel';
import type { FlagName, FlagValues } from './flags';
import type { Environment, Picker, Tunnels } from './host';
import type { Output } from './output';
import type { ProjectFile } from './settings/project-file';
import type { Settings } from './settings/setting';

/** What one command is handed: everything is read and validated. */
export interface Call {
  /** The name of a target's descriptor. */
  readonly target?: string;
  /** What the person calls it: the same, or what the project file calls it. */
  readonly name?: string;
  readonly flags: FlagValues;
  /** The same values, with who said them. */
  readonly settings: Settings;
  readonly project?: ProjectFile;
  /** Where several targets were named, a call for each; else none. */
  readonly several: readonly Call[];
  /** What stands after `--`; undefined where there is no `--`. */
  readonly childCommand?: readonly string[];
  readonly environment: Environment;
  readonly output: Output;
  readonly context: AwsContext;
  /** Asks the person for a choice; undefined where there is nobody to ask. */
  readonly loadPicker?: () => Promise<Picker>;
  loadTunnels(): Promise<Tunnels>;
  /** The same call, for a target that has been chosen. */
  forTarget(name: string): Call;
}

export interface Command {
  readonly name: string;
  /** What follows the name, as help shows it. */
  readonly synopsis: string;
  readonly summary: string;
  readonly flags: readonly FlagName[];
  /** The words that its argument may be, where it is no target. */
  readonly choices?: readonly string[];
  /** Whether it is about tunnels that are open: all a project file says then is which one a name stands for. @default false */
  readonly looksAtOpen?: boolean;
  /** What may stand after `--`: a command to run, or arguments for the one that is run anyway. @default - nothing */
  readonly afterDashes?: 'command' | 'arguments';
  /** @returns the exit code */
  run(call: Call): Promise<number>;
}

/** Flags of all that opens a tunnel. */
export const OPENING_FLAGS: readonly FlagName[] = [
  'port', 'role', 'region', 'profile', 'bastion', 'cluster', 'prefix', 'timeout', 'transport', 'lanes', 'packets-per-second', 'shared', 'unix-socket',
  'reason',
];

/** Flags that every command takes. */
export const COMMON_FLAGS: readonly FlagName[] = ['config', 'json', 'quiet', 'verbose'];
