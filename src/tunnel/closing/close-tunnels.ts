import type { AwsContext } from '../../aws/context';
import { openStore } from '../store';
import type { TunnelFilter, TunnelView } from '../tunnel';
import { matches, viewOf } from '../view';
import { endWorker } from './end-worker';

/**
 * Closes all tunnels that the filter matches: the port, the process and the files always; the sessions where AWS can be reached.
 * @returns those that were there, dead ones among them
 */
export async function closeTunnels(filter: TunnelFilter, context: AwsContext): Promise<TunnelView[]> {
  const store = await openStore();
  const records = store.list().filter(({ meta }) => matches(filter, meta));
  await Promise.all(records.map(async (record) => endWorker(store, record, context)));
  return records.map(({ meta }) => viewOf(meta));
}
