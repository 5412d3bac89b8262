import { Problem } from '../../problem';
import type { LogLines } from '../../tunnel';
import type { TunnelFilter } from '../../tunnel/tunnel';
import { type Call, type Command, COMMON_FLAGS } from '../command';
import { nameOf, requiredTunnelFilter } from '../request';
import { untilInterrupted } from '../signals';

export const logs: Command = {
  name: 'logs',
  synopsis: '[target]',
  summary: "Print what a tunnel's worker has to say",
  flags: ['follow', 'lines', 'port', 'role', 'region', 'profile', 'bastion', 'cluster', ...COMMON_FLAGS],
  looksAtOpen: true,
  async run(call) {
    const filter = requiredTunnelFilter('logs', call);
    if (call.flags.follow) return untilInterrupted(async (signal) => follow(call, filter, signal));
    const { readTunnelLog } = await call.loadTunnels();
    const found = (await readTunnelLog(filter)).map((log) => ({ ...log, lines: lastOf(log.lines, call.flags.lines) }));
    if (found.length === 0) throw noLog(filter);
    const text = found.map(({ path, lines }) => [...(found.length > 1 ? [heading(path)] : []), ...lines].join('\n')).join('\n\n');
    call.output.result(text, { logs: found });
    return 0;
  },
};

/** Until the tunnels are closed, or nobody reads it any more. */
async function follow({ flags: { lines }, output, loadTunnels }: Call, filter: TunnelFilter, interruption: AbortSignal): Promise<number> {
  const { followTunnelLog } = await loadTunnels();
  output.stream();
  let last: string | undefined;
  const say = ({ tunnel, path, lines: added }: LogLines): void => {
    if (output.isJsonLines) {
      for (const line of added) output.result('', { target: tunnel.name, role: tunnel.role, port: tunnel.port, line });
      return;
    }
    if (last !== undefined && last !== path) output.result(`\n${heading(path)}`, undefined);
    last = path;
    output.result(added.join('\n'), undefined);
  };
  const signal = AbortSignal.any([interruption, output.unread]);
  const found = await followTunnelLog(filter, { lines, say, signal });
  if (found === 0) throw noLog(filter);
  if (!signal.aborted) output.remark(`${nameOf(filter)} is closed`);
  return 0;
}

function lastOf(lines: readonly string[], most: number | undefined): readonly string[] {
  return most === undefined ? lines : lines.slice(Math.max(0, lines.length - most));
}

function heading(path: string): string {
  return `==> ${path} <==`;
}

function noLog(filter: TunnelFilter): Problem {
  return new Problem('NOT_FOUND', `${nameOf(filter)} has no log: no tunnel of it is open`, { next: '`connect list` shows what is open' });
}
