import { timeLimit } from '../../time-limit';
import type { Call } from '../command';
import { DEFAULTS } from '../flags';
import type { Names } from './candidates';

/** Milliseconds that a person who pressed the Tab key is kept waiting for AWS. */
const PATIENCE = 300;

/** The names that a command line may hold. What cannot be had in time, or not at all, is left out: completion never complains. */
export function namesWithin({ flags, project, context, loadTunnels }: Call, patience: number = PATIENCE): Names {
  return {
    async targets() {
      const { knownTargetNames } = await loadTunnels();
      const { prefix = DEFAULTS.prefix } = flags;
      const known = await knownTargetNames({ prefix }, { ...context, signal: timeLimit(patience) }).catch(() => []);
      return [...new Set([...project?.targets.keys() ?? [], ...known])];
    },
    async open() {
      const { findTunnels } = await loadTunnels();
      return [...new Set((await findTunnels({})).map(({ name }) => name))];
    },
  };
}
