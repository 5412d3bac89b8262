import { readFile } from 'node:fs/promises';
import { openStore } from '../store';
import type { TunnelFilter, TunnelView } from '../tunnel';
import { matches, viewOf } from '../view';

export interface TunnelLog {
  readonly tunnel: TunnelView;
  readonly path: string;
  /** Oldest first. */
  readonly lines: string[];
}

/** What the workers of the matching tunnels said, also of one that died. */
export async function readTunnelLog(filter: TunnelFilter): Promise<TunnelLog[]> {
  const store = await openStore();
  const records = store.list().filter(({ meta }) => matches(filter, meta));
  return Promise.all(records.map(async ({ hash, meta }) => {
    const path = store.pathsOf(hash).log;
    const text = await readFile(path, 'utf8').catch(() => '');
    return { tunnel: viewOf(meta), path, lines: text.split('\n').filter((line) => line !== '') };
  }));
}
