import { EXIT_CODES, Problem } from '../../problem';
import type { TunnelFilter, TunnelView } from '../../tunnel/tunnel';
import { type Call, type Command, COMMON_FLAGS } from '../command';
import { nameOf, requiredTunnelFilter, timeoutOf } from '../request';
import { interruptible, untilInterrupted } from '../signals';
import { describeTunnel } from '../status-text';
import { watchStatus } from '../watch-status';

export const status: Command = {
  name: 'status',
  synopsis: '[target]',
  summary: 'Say whether a tunnel is open; exit code 9 where it is not',
  flags: ['wait', 'timeout', 'watch', 'port', 'role', 'region', 'profile', 'bastion', 'cluster', ...COMMON_FLAGS],
  looksAtOpen: true,
  async run(call) {
    const filter = requiredTunnelFilter('status', call);
    if (call.flags.watch && call.flags.wait) throw new Problem('USAGE', '--watch and --wait were both given', { next: 'give one of them' });
    if (call.flags.watch) return untilInterrupted(async (signal) => watchStatus(call, filter, signal));
    const tunnels = call.flags.wait ? await wait(call, filter) : await (await call.loadTunnels()).findTunnels(filter);
    const state = tunnels.length === 0 ? 'CLOSED' : 'OPEN';
    call.output.result(
      tunnels.length === 0 ? `${nameOf(filter)}  CLOSED` : tunnels.map((tunnel) => describeTunnel(tunnel)).join('\n\n'),
      { name: filter.name, status: state, tunnels },
    );
    return state === 'OPEN' ? 0 : EXIT_CODES.TUNNEL_CLOSED;
  },
};

async function wait(call: Call, filter: TunnelFilter): Promise<TunnelView[]> {
  const { waitForTunnel } = await call.loadTunnels();
  return interruptible(async (signal) => waitForTunnel(filter, timeoutOf(call.flags), { ...call.context, signal }));
}
