import { Problem } from '../../problem';
import { withTarget } from '../choose-target';
import { type Command, COMMON_FLAGS, OPENING_FLAGS } from '../command';
import { endpointOf } from '../endpoint';
import { Events } from '../events';
import { holdOpen } from '../hold-open';
import { LOGIN_FLAGS, refuseLoginWithoutProgram } from '../login';
import { openSeveral } from '../open-several';
import { openTelling, remarkOpen } from '../opening';
import { shownOf } from '../shown';
import { interruptible } from '../signals';
import { runThrough } from './run';

export const open: Command = {
  name: 'open',
  synopsis: '[target..]',
  summary: 'Open a tunnel, or reuse the one that is open; with -- run a command through it',
  flags: [...OPENING_FLAGS, ...LOGIN_FLAGS, 'close', 'foreground', 'drain', ...COMMON_FLAGS],
  afterDashes: 'command',
  async run(asked) {
    const { childCommand, flags, output } = asked;
    if (childCommand) return runThrough(asked, { command: () => childCommand });
    if (flags.close) throw new Problem('USAGE', '--close was given, and no command to close the tunnel after', { next: `connect ${asked.name ?? '<target>'} --close -- psql` });
    refuseLoginWithoutProgram(asked);
    if (flags.foreground) output.stream();
    if (asked.several.length > 0) return openSeveral(asked);
    const call = await withTarget(asked);
    return interruptible(async (signal) => {
      const tunnel = await openTelling(call, signal);
      const shown = await shownOf(tunnel, call, signal);
      if (output.isJsonLines) Events.of(tunnel, output).ready(shown);
      else output.result(endpointOf(tunnel), shown);
      remarkOpen(call, tunnel);
      if (call.flags.foreground) await holdOpen(call, tunnel, signal);
      return 0;
    });
  },
};
