import { byName } from '../by-name';
import { askWorker } from '../control/client';
import { openStore } from '../store';
import type { TunnelFilter, TunnelView } from '../tunnel';
import { matches, viewOf } from '../view';

/** The open tunnels that the filter matches, as their workers last knew them. Costs nothing: no call to AWS, no connection to a database. */
export async function findTunnels(filter: TunnelFilter = {}): Promise<TunnelView[]> {
  const store = await openStore();
  const records = store.list().filter(({ alive, meta }) => alive && matches(filter, meta));
  const views = await Promise.all(records.map(async ({ hash, meta }) => viewOf(meta, await askWorker(store.pathsOf(hash).sock, { op: 'status' }))));
  return views
    .filter(({ status }) => status === 'OPEN')
    .sort((one, other) => byName(one, other) || one.port - other.port);
}
