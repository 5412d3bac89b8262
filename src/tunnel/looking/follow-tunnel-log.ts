import { isProcessAlive } from '../process-identity';
import { openStore } from '../store';
import type { TunnelFilter, TunnelView } from '../tunnel';
import { matches, viewOf } from '../view';
import { FolderWatch } from './folder-watch';
import { LogTail } from './log-tail';

/** Lines that were added to the log of one tunnel. */
export interface LogLines {
  readonly tunnel: TunnelView;
  readonly path: string;
  /** Oldest first. */
  readonly lines: readonly string[];
}

export interface Following {
  /** How many lines of what is there already are said, of each log. @default - all */
  readonly lines?: number;
  readonly signal: AbortSignal;
  /** Called with what is there, and whenever something was added. */
  say(added: LogLines): void;
}

/**
 * Goes on saying what the workers of the matching tunnels say, until all of those that were there have ended or the signal fires.
 * @returns how many there were
 */
export async function followTunnelLog(filter: TunnelFilter, { lines: most, say, signal }: Following): Promise<number> {
  const store = await openStore();
  const followed = store.list().filter(({ meta }) => matches(filter, meta)).map(({ hash, meta }) => {
    const path = store.pathsOf(hash).log;
    return { meta, path, tail: new LogTail(path) };
  });
  const folder = new FolderWatch(store.dir);
  try {
    for (let isFirst = true, open = followed; open.length > 0 && !signal.aborted; isFirst = false) {
      // In this order: what was said last is read.
      const alive = open.filter(({ meta }) => isProcessAlive(meta.worker));
      for (const { meta, path, tail } of open) {
        const lines = tail.next() ?? [];
        const said = isFirst && most !== undefined ? lines.slice(Math.max(0, lines.length - most)) : lines;
        if (said.length > 0) say({ tunnel: viewOf(meta), path, lines: said });
      }
      open = alive;
      if (open.length > 0) await folder.change(signal);
    }
  } finally {
    folder.end();
  }
  return followed.length;
}
