import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsContext } from '../../aws/context';
import { reasonOf } from '../../text';
import { timeLimit } from '../../time-limit';
import { askWorker } from '../control/client';
import { isProcessAlive, type ProcessIdentity } from '../process-identity';
import type { Store, TunnelRecord } from '../store';
import { removeDeadSocket } from '../unix-sockets';

/** A worker waits some seconds itself for AWS to end its sessions. */
const POLITE_PATIENCE = 7_000;
const SIGNAL_PATIENCE = 2_000;
const KILL_PATIENCE = 1_000;
const LOOK_EVERY = 25;
const LOOK_EVERY_WHILE_DRAINING = 200;
/** A session that cannot be ended soon is left to the service's idle timeout. */
const TERMINATE_PATIENCE = 3_000;

/** How a tunnel is closed that may still be in use. */
export interface Draining {
  /** Milliseconds for which open connections may go on, while no others come in. */
  readonly drain: number;
  /** Ends the wait for them. */
  readonly hurry?: AbortSignal;
}

/** Ends a tunnel's worker: asks it, then signals it, then kills it; then takes away what it left. */
export async function endWorker(store: Store, record: TunnelRecord, context: AwsContext, draining?: Draining): Promise<void> {
  const { worker } = record.meta;
  if (draining && draining.drain > 0) await drainWorker(store, record, draining);
  if (record.elsewhere) {
    // Its process cannot be seen from here, let alone signalled: where it answers, it cleans up by itself.
    if (await askWorker(store.pathsOf(record.hash).sock, { op: 'close' })) return;
  } else if (record.alive) {
    const steps: readonly [act: () => Promise<unknown>, patience: number][] = [
      [async () => askWorker(store.pathsOf(record.hash).sock, { op: 'close' }), POLITE_PATIENCE],
      [async () => signal(worker, 'SIGTERM'), SIGNAL_PATIENCE],
      [async () => signal(worker, 'SIGKILL'), KILL_PATIENCE],
    ];
    for (const [act, patience] of steps) {
      const answer = await act();
      if (answer === undefined) continue;
      if (await isGoneWithin(worker, patience)) break;
    }
  }
  await cleanUp(store, record, context);
}

/** Waits until a worker's connections have ended, or their time is over. One that answers nothing has none to wait for. */
async function drainWorker(store: Store, { hash, meta: { worker } }: TunnelRecord, { drain, hurry }: Draining): Promise<void> {
  if (await askWorker(store.pathsOf(hash).sock, { op: 'close', drain }) === undefined) return;
  for (const end = Date.now() + drain + POLITE_PATIENCE; Date.now() < end && !hurry?.aborted;) {
    if (!isProcessAlive(worker)) return;
    await sleep(LOOK_EVERY_WHILE_DRAINING, undefined, { signal: hurry }).catch(() => undefined);
  }
}

/** Takes away what a dead worker left: the programs that it started, its sessions, its sockets, its files. */
export async function cleanUp(store: Store, { hash, meta }: TunnelRecord, context: AwsContext): Promise<void> {
  const isStillThere = store.list().some((one) => one.hash === hash && one.meta.worker.pid === meta.worker.pid);
  if (!isStillThere) return;
  for (const child of meta.children) signal(child, 'SIGKILL', true);
  await Promise.all(meta.sessionIds.map(async (sessionId) => terminate(sessionId, meta, context)));
  for (const path of meta.unixSockets ?? []) await removeDeadSocket(path);
  store.remove(hash);
}

async function terminate(sessionId: string, { region, profile }: TunnelRecord['meta'], { log }: AwsContext): Promise<void> {
  const { terminateSession } = await import('../../aws/hot-path');
  try {
    await terminateSession({ sessionId }, { aws: { region, profile }, log, signal: timeLimit(TERMINATE_PATIENCE) });
  } catch (error) {
    log.debug(`session ${sessionId} is left to its idle timeout: ${reasonOf(error)}`);
  }
}

/** Signals a process only if it is the one we mean: pids are recycled. */
function signal(identity: ProcessIdentity, name: NodeJS.Signals, group: boolean = false): boolean | undefined {
  if (!isProcessAlive(identity)) return undefined;
  try {
    return process.kill(group ? -identity.pid : identity.pid, name);
  } catch {
    return undefined;
  }
}

/** Whether a process has ended, or does within so many milliseconds. */
export async function isGoneWithin(identity: ProcessIdentity, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end;) {
    if (!isProcessAlive(identity)) return true;
    await sleep(LOOK_EVERY);
  }
  return !isProcessAlive(identity);
}
