import type { WorkerStatus } from './control/protocol';
import type { TunnelMeta } from './store/meta';
import type { TunnelFilter, TunnelView } from './tunnel';

/** What a person may see of a tunnel: what its files say, and what its worker just answered. */
export function viewOf(meta: TunnelMeta, status?: WorkerStatus): TunnelView {
  const { name, role, host, port, account, region, profile, engine, database, remote, bastion, transport, shared, unixSockets, openedAt } = meta;
  const { phase, ending, ...live } = status ?? {};
  return {
    name,
    role,
    status: phase === 'open' ? 'OPEN' : 'CLOSED',
    host,
    port,
    pid: meta.worker.pid,
    account,
    region,
    profile,
    engine,
    database,
    remote,
    bastion,
    transport,
    shared,
    unixSockets,
    openedAt,
    sessionId: status?.sessions[0]?.id,
    ...live,
  };
}

export function matches({ name, role, port, region, profile, bastion }: TunnelFilter, meta: TunnelMeta): boolean {
  const wanted: readonly [unknown, unknown][] = [
    [name, meta.name], [role, meta.role], [port, meta.port], [region, meta.region], [profile, meta.profile], [bastion, meta.bastion.exid],
  ];
  return wanted.every(([asked, is]) => asked === undefined || asked === is);
}
