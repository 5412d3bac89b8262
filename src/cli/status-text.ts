import { counted, printable } from '../text';
import type { SessionStatus, Traffic, TunnelView } from '../tunnel/tunnel';
import { inBytes } from './bytes';
import { endpointOf } from './endpoint';

/** All that is known of a tunnel, a line each. @param rate bytes a second, where they are known */
export function describeTunnel(tunnel: TunnelView, rate?: Traffic): string {
  const facts: [string, string | number | undefined][] = [
    ['role', tunnel.role],
    ['endpoint', endpointOf(tunnel)],
    ...(tunnel.unixSockets ?? []).map((path): [string, string] => ['socket', path]),
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
    ['carried', tunnel.traffic && carried(tunnel.traffic, rate)],
    ['reconnects', tunnel.reconnects],
    ['now', tunnel.activity],
    ['last error', tunnel.lastError],
    ['next', tunnel.next],
  ];
  const known = facts.filter(([, fact]) => fact !== undefined);
  return [`${tunnel.name}  ${tunnel.status}`, ...known.map(([name, fact]) => `  ${name.padEnd(11)}  ${printable(String(fact))}`)].join('\n');
}

function describeSession({ id, since, connections, traffic, trouble }: SessionStatus): string {
  const facts = [id, `since ${since}`, counted(connections, 'connection'), carried(traffic), trouble];
  return facts.filter((fact) => fact !== undefined).join(', ');
}

function carried(traffic: Traffic, rate?: Traffic): string {
  const part = (way: keyof Traffic): string => `${inBytes(traffic[way])} ${way}${rate ? ` (${inBytes(Math.round(rate[way]))}/s)` : ''}`;
  return `${part('in')}, ${part('out')}`;
}
