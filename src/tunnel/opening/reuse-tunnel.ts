import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { thisCaller } from '../caller';
import { cleanUp, endWorker, isGoneWithin } from '../closing/end-worker';
import { askWorker } from '../control/client';
import { type Hold, holdTunnel } from '../control/hold';
import type { WorkerStatus } from '../control/protocol';
import type { Store, TunnelRecord } from '../store';
import type { ResolvedTarget, TunnelRequest, TunnelView } from '../tunnel';
import { viewOf } from '../view';
import { addUnixSocket } from './check-unix-socket';
import { takenByTunnel } from './choose-port';
import type { Deadline } from './deadline';
import type { EarlyAnswers } from './early-answers';
import { isTunnelTo } from './identity';
import { isAnswering, waitForDatabase } from './wait-for-database';

/** A worker whose opener died needs this long to notice and to give everything back. */
const ORPHAN_PATIENCE = 5_000;

export interface ReuseInput {
  readonly request: TunnelRequest;
  readonly target: ResolvedTarget;
  readonly store: Store;
  readonly answered: EarlyAnswers;
  readonly deadline: Deadline;
}

/**
 * The open tunnel to this target, if there is one that works. One that is dead, deaf or of no use is cleaned away.
 * @throws Problem PORT_TAKEN when the port asked for is a tunnel's of another account; DATABASE_SILENT when the tunnel works and the database does not
 */
export async function reuseTunnel(input: ReuseInput, context: AwsContext): Promise<(TunnelView & { readonly hold?: Hold }) | undefined> {
  const { request, target, store } = input;
  for (const record of store.list()) {
    if (request.port && record.meta.port !== request.port) continue;
    if (!isTunnelTo(target, record.meta)) {
      if (request.port && record.alive) throw takenByTunnel(request.port, record);
      continue;
    }
    // Before it is used: from here on nobody else who is done with it closes it, or we hear that somebody does.
    const hold = request.hold && record.alive ? await holdTunnel(store.pathsOf(record.hash).sock, { thenClose: false }) : undefined;
    const view = await tryTunnel(record, input, context).catch((error: unknown) => {
      hold?.drop();
      throw error;
    });
    if (view) return { ...view, hold };
    hold?.drop();
  }
  return undefined;
}

async function tryTunnel(record: TunnelRecord, input: ReuseInput, context: AwsContext): Promise<TunnelView | undefined> {
  const { store, target, deadline, request, answered } = input;
  const { meta } = record;
  if (record.elsewhere && await ask(record, store)) throw openElsewhere(record);
  if (!record.alive) {
    context.log.debug(`the tunnel on port ${meta.port} is dead: cleaning up`);
    await cleanUp(store, record, context);
    return undefined;
  }
  const { lanes, packetsPerSecond, shared } = request;
  const use = { op: 'use', target, caller: thisCaller(context.aws.profile), lanes, packetsPerSecond, shared } as const;
  const status = await askWorker(store.pathsOf(record.hash).sock, use);
  if (!status) {
    context.log.info(`the tunnel on port ${meta.port} does not answer: replacing it`);
    await endWorker(store, record, context);
    return undefined;
  }
  if (status.phase !== 'open') {
    if (!await isGoneWithin(meta.worker, ORPHAN_PATIENCE)) await endWorker(store, record, context);
    return undefined;
  }
  if (meta.transport !== request.transport) context.log.info(`reusing the open tunnel, which is of transport ${meta.transport}`);
  if (!shared && meta.shared) context.log.info(`reusing the open tunnel, which every user of this machine may use: ${unshare(meta)}`);
  if (shared && !meta.shared) context.log.info(`from here on every user of this machine may use the tunnel on port ${meta.port}: ${unshare(meta)}`);
  if (request.unixSocket !== undefined) await addUnixSocket(request.unixSocket, record, store);
  if (!await answered.through(record, target) && !await isAnswering(meta, deadline)) {
    if (await isUseless(record, store)) {
      context.log.info(`the tunnel on port ${meta.port} has no way to get a session: replacing it`);
      await endWorker(store, record, context);
      return undefined;
    }
    const { name, engine, port } = meta;
    await waitForDatabase({ name, engine, port, controlPath: store.pathsOf(record.hash).sock }, deadline, context, answered.since);
  }
  const now = store.list().find(({ hash }) => hash === record.hash)?.meta ?? meta;
  return viewOf({ ...now, shared: now.shared || shared || undefined }, await ask(record, store) ?? status);
}

function unshare({ name, port }: TunnelRecord['meta']): string {
  return `\`connect close ${name} --port ${port}\` and opening it anew ends that`;
}

async function ask(record: TunnelRecord, store: Store): Promise<WorkerStatus | undefined> {
  return askWorker(store.pathsOf(record.hash).sock, { op: 'status' });
}

/** A worker that cannot get a session, as with credentials that expired, may be helped by ours. One with open connections is never ended. */
async function isUseless(record: TunnelRecord, store: Store): Promise<boolean> {
  const status = await ask(record, store);
  return status === undefined || (status.sessions.length === 0 && status.lastError !== undefined && status.connections === 0);
}

function openElsewhere({ meta }: TunnelRecord): Problem {
  return new Problem('PORT_TAKEN', `the tunnel to ${meta.name} (${meta.role}) is open in another container that shares this tunnels folder`, {
    next: 'give this one a folder of its own: export CONNECT_TUNNELS_DIR=/path/to/it',
  });
}
