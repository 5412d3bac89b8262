import type { AwsContext } from '../../aws/context';
import { engineOf } from '../../engines';
import { Problem } from '../../problem';
import { defaultPortFor, findFreePort, getPortOwner, isPortInUse } from '../ports';
import type { Store, TunnelRecord } from '../store';
import type { ResolvedTarget, TunnelRequest } from '../tunnel';
import { keyOfRequest, keyOfTarget } from './identity';

/**
 * Whether an explicit port can be had, before anything is asked of AWS.
 * @throws Problem PORT_TAKEN when it is a stranger's, or a tunnel's to something else
 */
export async function checkExplicitPort(request: TunnelRequest, region: string, store: Store): Promise<void> {
  const { port } = request;
  if (!port) return;
  // In this order: a worker of ours writes its files before it listens.
  const isInUse = await isPortInUse(port);
  const record = liveTunnelOn(port, store.list());
  if (record) {
    if (keyOfTarget(record.meta) !== keyOfRequest(request, region)) throw takenByTunnel(port, record);
  } else if (isInUse) {
    throw takenByStranger(port);
  }
}

/**
 * The port to listen on: the one asked for, else the last one used, else the engine's own + 10000, else a free one.
 * @param lost the last one that somebody else took before we could listen on it
 */
export async function choosePort(request: TunnelRequest, target: ResolvedTarget, store: Store, { log }: AwsContext, lost?: number): Promise<number> {
  const { port: asked } = request;
  if (asked) {
    const record = liveTunnelOn(asked, store.list());
    if (record) throw takenByTunnel(asked, record);
    if (await isPortInUse(asked)) throw takenByStranger(asked);
    return asked;
  }
  if (asked === 0) return findFreePort(0);
  const last = store.lastPort(keyOfTarget(target));
  const wanted = last ?? defaultPortFor(engineOf(target.engine).defaultPort || target.port, target.role);
  const free = await findFreePort(lost === undefined ? wanted : lost + 1);
  if (free !== wanted) log.info(`port ${wanted} is ${wanted > 65535 ? 'above 65535' : `busy${ownerOf(wanted)}`}: using ${free}`);
  return free;
}

function liveTunnelOn(port: number, records: readonly TunnelRecord[]): TunnelRecord | undefined {
  return records.find(({ meta, alive }) => alive && meta.port === port);
}

export function takenByTunnel(port: number, { meta }: TunnelRecord): Problem {
  return new Problem('PORT_TAKEN', `port ${port} is taken by the tunnel to ${meta.name} (${meta.role}, ${meta.account} ${meta.region})`, {
    next: `connect close ${meta.name} --port ${port}, or choose another port`,
  });
}

function takenByStranger(port: number): Problem {
  return new Problem('PORT_TAKEN', `port ${port} is taken by another program${ownerOf(port)}`, { next: 'choose another port, or --port 0 for any free one' });
}

function ownerOf(port: number): string {
  const owner = getPortOwner(port);
  if (!owner?.program) return '';
  return owner.pid === undefined ? ` (${owner.program})` : ` (${owner.program}, pid ${owner.pid})`;
}
