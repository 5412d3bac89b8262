import { DEFAULT_PREFIX, explainBadName } from '../descriptor';
import { Problem } from '../problem';
import { type DeclaredAwsVpcTunnel, LOOPBACK, type TunnelFilter, type TunnelRequest } from './tunnel';

const TIMEOUT = 180_000;
const LOCAL_HOSTS: readonly string[] = ['localhost', LOOPBACK];

/** A tunnel without its status: what names it. */
export type VpcTunnelReference = Omit<DeclaredAwsVpcTunnel, 'status' | 'pid'>;

/** What a declared tunnel asks for. @throws Problem USAGE for one that cannot be */
export function requestOf(tunnel: VpcTunnelReference): TunnelRequest {
  check(tunnel);
  const { via, into, from } = tunnel;
  return {
    into: 'target' in into ? { target: into.target.name } : { cluster: into.cluster.name, bastion: via.bastion!.exid },
    role: into.role ?? 'writer',
    port: from.port,
    prefix: DEFAULT_PREFIX,
    timeout: TIMEOUT,
    transport: 'native',
  };
}

/** The open tunnels that a declared one may be. */
export function filterOf(tunnel: VpcTunnelReference, region?: string): TunnelFilter {
  check(tunnel);
  const { via, into, from } = tunnel;
  const { name } = 'target' in into ? into.target : into.cluster;
  return { name, role: into.role ?? 'writer', port: from.port, bastion: via.bastion?.exid, region };
}

function check({ via, into, from }: VpcTunnelReference): void {
  const { name } = 'target' in into ? into.target : into.cluster;
  const badName = explainBadName(name);
  const checks: readonly [bad: boolean, message: string, next: string][] = [
    [via.mechanism !== 'aws.ssm', `mechanism ${JSON.stringify(via.mechanism)} is not known`, 'use "aws.ssm"'],
    [badName !== undefined, `${JSON.stringify(name)} cannot be a target's name: ${badName}`, 'pass the name of a target or of a cluster'],
    ['cluster' in into && !via.bastion, `cluster ${name} is looked up, and no bastion is named to reach it through`, 'pass via.bastion.exid, or into.target for one with a descriptor'],
    [!LOCAL_HOSTS.includes(from.host), `host ${JSON.stringify(from.host)} is not this machine's loopback`, `use ${LOCAL_HOSTS.join(' or ')}`],
    [!Number.isInteger(from.port) || from.port < 1 || from.port > 65535, `port ${from.port} is no port`, 'use a whole number from 1 to 65535'],
  ];
  const failed = checks.find(([bad]) => bad);
  if (failed) throw new Problem('USAGE', failed[1], { next: failed[2] });
}
