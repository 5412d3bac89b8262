import { setTimeout as sleep } from 'node:timers/promises';
import { askWorker } from '../control/client';
import type { WorkerStatus } from '../control/protocol';
import { watchWorker } from '../control/watch-worker';
import { isProcessAlive, type ProcessIdentity } from '../process-identity';
import { openStore } from '../store';
import type { LiveTunnel, TunnelView } from '../tunnel';

const LOOK_EVERY = 1_000;
/** A busy worker may miss one look, or two. */
const LOOKS_UNTIL_GONE = 3;

/** How the watch of a tunnel ended. */
export interface TunnelEnd {
  /** Whether another tunnel is open on its port. */
  readonly isReplaced: boolean;
  /** Why it was closed, where its worker could say. */
  readonly reason?: string;
}

/**
 * Watches an open tunnel until it has ended, or the signal fires. Costs nothing: its worker says when something changes.
 * @param told called with what the worker knows, at first and whenever that has changed
 */
export async function watchTunnel(tunnel: Pick<TunnelView, 'port' | 'pid'>, told: (live: LiveTunnel) => void, signal: AbortSignal): Promise<TunnelEnd> {
  const { port, pid } = tunnel;
  const store = await openStore();
  let worker: ProcessIdentity | undefined;
  let reason: string | undefined;
  const tell = ({ phase, ending, ...live }: WorkerStatus): void => {
    reason = ending ?? reason;
    if (phase === 'open') told(live);
  };
  for (let missed = 0; missed < LOOKS_UNTIL_GONE && !signal.aborted;) {
    const onPort = store.list().filter(({ meta }) => meta.port === port);
    const record = onPort.find(({ meta }) => meta.worker.pid === pid);
    if (!record && onPort.some(({ alive }) => alive)) return { isReplaced: true, reason };
    worker = record?.meta.worker ?? worker;
    if (worker && !isProcessAlive(worker)) break;
    const { sock } = record ? store.pathsOf(record.hash) : {};
    if (sock !== undefined && await watchWorker(sock, tell, signal)) {
      missed = 0;
      continue;
    }
    const status = sock === undefined || signal.aborted ? undefined : await askWorker(sock, { op: 'status' });
    if (status) tell(status);
    missed = status ? 0 : missed + 1;
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
  }
  return { isReplaced: false, reason };
}
