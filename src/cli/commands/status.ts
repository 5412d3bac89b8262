import { EXIT_CODES } from '../../problem';
import { printable } from '../../text';
import type { SessionStatus, Traffic, TunnelView } from '../../tunnel/tunnel';
import { inBytes } from '../bytes';
import { type Command, COMMON_FLAGS } from '../command';
import { endpointOf } from '../endpoint';
import { nameOf, requiredTunnelFilter } from '../request';

export const status: Command = {
  name: 'status',
  synopsis: '[target]',
  summary: 'Say whether a tunnel is open; exit code 9 where it is not',
  flags: ['port', 'role', 'region', 'profile', 'bastion', 'cluster', ...COMMON_FLAGS],
  async run(call) {
    const filter = requiredTunnelFilter('status', call);
    const { findTunnels } = await call.loadTunnels();
    const tunnels = await findTunnels(filter);
    const state = tunnels.length === 0 ? 'CLOSED' : 'OPEN';
    call.output.result(
      tunnels.length === 0 ? `${nameOf(filter)}  CLOSED` : tunnels.map(describe).join('\n\n'),
      { name: filter.name, status: state, tunnels },
    );
    return state === 'OPEN' ? 0 : EXIT_CODES.TUNNEL_CLOSED;
  },
};

function describe(tunnel: TunnelView): string {
  const facts: [string, string | number | undefined][] = [
    ['role', tunnel.role],
    ['endpoint', endpointOf(tunnel)],
    ['remote', `${tunnel.remote.host}:${tunnel.remote.port}`],
    ['engine', tunnel.engine],
    ['bastion', `${tunnel.bastion.exid} (${tunnel.bastion.instanceId})`],
    ['account', `${tunnel.account}, ${tunnel.region}`],
    ['profile', tunnel.profile],
    ['transport', tunnel.transport],
    ['shared', tunnel.shared ? 'with every user of this machine' : undefined],
    ['pid', tunnel.pid],
    ['opened', tunnel.openedAt],
    ...(tunnel.sessions ?? []).map((session): [string, string] => ['session', describeSession(session)]),
    ['connections', tunnel.connections],
    ['carried', tunnel.traffic && carried(tunnel.traffic)],
    ['reconnects', tunnel.reconnects],
    ['now', tunnel.activity],
    ['last error', tunnel.lastError],
    ['next', tunnel.next],
  ];
  const known = facts.filter(([, fact]) => fact !== undefined);
  return [`${tunnel.name}  ${tunnel.status}`, ...known.map(([name, fact]) => `  ${name.padEnd(11)}  ${printable(String(fact))}`)].join('\n');
}

function describeSession({ id, since, connections, traffic, trouble }: SessionStatus): string {
  const facts = [id, `since ${since}`, `${connections} ${connections === 1 ? 'connection' : 'connections'}`, carried(traffic), trouble];
  return facts.filter((fact) => fact !== undefined).join(', ');
}

function carried(traffic: Traffic): string {
  return `${inBytes(traffic.in)} in, ${inBytes(traffic.out)} out`;
}
