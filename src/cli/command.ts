import type { AwsContext } from '../tunnel';
import type { FlagName, FlagValues } from './flags';
import type { Environment, Tunnels } from './host';
import type { Output } from './output';

/** What one command is handed: everything is read and validated. */
export interface Call {
  readonly target?: string;
  readonly flags: FlagValues;
  /** What stands after `--`; undefined where there is no `--`. */
  readonly childCommand?: readonly string[];
  readonly environment: Environment;
  readonly output: Output;
  readonly context: AwsContext;
  loadTunnels(): Promise<Tunnels>;
}

export interface Command {
  readonly name: string;
  /** What follows the name, as help shows it. */
  readonly synopsis: string;
  readonly summary: string;
  readonly flags: readonly FlagName[];
  /** @returns the exit code */
  run(call: Call): Promise<number>;
}

/** Flags that every command takes. */
export const COMMON_FLAGS: readonly FlagName[] = ['json', 'quiet', 'verbose'];
