import type { AwsContext } from '../../aws/context';
import { openStore } from '../store';
import type { TunnelFilter, TunnelView } from '../tunnel';
import { matches, viewOf } from '../view';
import { type Draining, endWorker } from './end-worker';

/**
 * Closes all tunnels that the filter matches: the port, the process and the files always; the sessions where AWS can be reached.
 * @param draining how long connections that are open may go on. @default - they are cut at once
 * @returns those that were there, dead ones among them
 */
export async function closeTunnels(filter: TunnelFilter, context: AwsContext, draining?: Draining): Promise<TunnelView[]> {
  const store = await openStore();
  const records = store.list().filter(({ meta }) => matches(filter, meta));
  await Promise.all(records.map(async (record) => endWorker(store, record, context, draining)));
  return records.map(({ meta }) => viewOf(meta));
}
