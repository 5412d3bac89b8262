import { type Command, COMMON_FLAGS } from '../command';
import { endpointOf } from '../endpoint';
import { table } from '../output';
import { tunnelFilter } from '../request';

export const list: Command = {
  name: 'list',
  synopsis: '',
  summary: 'List the tunnels that are open',
  flags: ['role', 'region', 'profile', ...COMMON_FLAGS],
  looksAtOpen: true,
  async run(call) {
    const { findTunnels } = await call.loadTunnels();
    const tunnels = await findTunnels(tunnelFilter(call));
    if (tunnels.length === 0) call.output.remark('no tunnel is open; `connect <target>` opens one');
    const rows = tunnels.map((tunnel) => [
      tunnel.name, tunnel.role, endpointOf(tunnel), tunnel.bastion.exid, `${tunnel.account}/${tunnel.region}`, tunnel.pid, tunnel.openedAt,
    ]);
    const text = rows.length === 0 ? '' : table([['TARGET', 'ROLE', 'ENDPOINT', 'BASTION', 'ACCOUNT/REGION', 'PID', 'OPENED'], ...rows]);
    call.output.result(text, tunnels);
    return 0;
  },
};
