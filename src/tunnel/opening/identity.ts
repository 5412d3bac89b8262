import type { TunnelMeta } from '../store/meta';
import type { ResolvedTarget, TunnelRequest } from '../tunnel';

/** The name that a request asks for: of a descriptor's target, or of a cluster. */
export function requestedName({ into }: TunnelRequest): string {
  return 'target' in into ? into.target : into.cluster;
}

/** What tells one target of a name and role from another, as far as a request says it: before AWS is asked, the account is not known. */
export function keyOfRequest({ into, role, prefix }: TunnelRequest, region: string): string {
  return 'target' in into ? key(region, into.target, role, `descriptor in ${prefix}`) : key(region, into.cluster, role, `lookup by ${into.bastion}`);
}

/** The same of a target, or of a tunnel to it. */
export function keyOfTarget({ region, name, role, foundBy, prefix, bastion }: Omit<ResolvedTarget, 'host' | 'port'> | TunnelMeta): string {
  return key(region, name, role, foundBy === 'lookup' ? `lookup by ${bastion.exid}` : `descriptor in ${prefix}`);
}

/** Whether a tunnel leads to a target. Where the target is reached by now does not matter. */
export function isTunnelTo(target: ResolvedTarget, meta: TunnelMeta): boolean {
  return meta.account === target.account && keyOfTarget(meta) === keyOfTarget(target);
}

function key(...parts: string[]): string {
  return parts.join(' ');
}
