import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import { cleanUp } from '../closing/end-worker';
import { askWorker } from '../control/client';
import { acquireLock } from '../lock';
import { openStore, type Store, type TunnelRecord } from '../store';
import type { ResolvedTarget, Transport, TunnelRequest, TunnelView } from '../tunnel';
import { getTunnelHash } from '../tunnel-hash';
import { viewOf } from '../view';
import { checkExplicitPort, choosePort } from './choose-port';
import { Deadline } from './deadline';
import { keyOfRequest, keyOfTarget, requestedName } from './identity';
import { findBastion, resolveTarget } from './resolve-target';
import { reuseTunnel } from './reuse-tunnel';
import { spawnWorker } from './spawn-worker';
import { waitForDatabase } from './wait-for-database';

/** A free port may be taken by another between the look and the listening. */
const PORT_ATTEMPTS = 5;
/** How many sessions a tunnel may have. One of the official client is two programs of 75 MiB. */
const LANES: Record<Transport, number> = { 'native': 4, 'aws-cli': 1 };

export type OpenedTunnel = TunnelView & { readonly reused: boolean };

/**
 * Opens a tunnel, or reuses the one that is open. When it is done the database has answered through it, and the tunnel outlives this process.
 * @throws Problem, whose code says at which step it ended, or the reason of `context.signal`; nothing is left of a tunnel that did not come up
 */
export async function openTunnel(request: TunnelRequest, context: AwsContext): Promise<OpenedTunnel> {
  const deadline = new Deadline(request.timeout, context.signal);
  const store = await openStore();
  for (const { path, why } of store.sweep()) context.log.debug(`${path} is of no tunnel: ${why}`);
  const { resolveRegion } = await import('../../aws/hot-path');
  const region = await resolveRegion(context);
  const aws: AwsContext = { aws: { ...context.aws, region }, log: context.log, signal: deadline.signal };
  await checkExplicitPort(request, region, store);

  const release = await lockTarget(request, keyOfRequest(request, region), store, deadline, context);
  try {
    const target = await deadline.race(resolveTarget(request, aws), 'SESSION_FAILED', 'looking up the target');
    const open = await reuseTunnel({ request, target, store, deadline }, aws);
    if (open) return { ...open, reused: true };
    return { ...await openAnew(request, target, store, deadline, aws), reused: false };
  } finally {
    await release();
  }
}

async function lockTarget(request: TunnelRequest, key: string, store: Store, deadline: Deadline, { log }: AwsContext): Promise<() => Promise<void>> {
  const name = requestedName(request);
  try {
    return await acquireLock({
      dir: store.dir,
      key,
      signal: deadline.signal,
      onWait: (holder) => log.info(`another \`connect\`${holder?.pid ? ` (pid ${holder.pid})` : ''} is opening ${name}: waiting for it`),
    });
  } catch (error) {
    deadline.interruption.throwIfAborted();
    if (deadline.left > 0) throw error;
    throw new Problem('SESSION_FAILED', `another \`connect\` was still opening ${name} when the time was over`, { next: 'try again with a longer --timeout', cause: error });
  }
}

async function openAnew(request: TunnelRequest, target: ResolvedTarget, store: Store, deadline: Deadline, context: AwsContext): Promise<TunnelView> {
  const instanceId = await deadline.race(findBastion(target, context), 'BASTION_DOWN', 'looking up the bastion');
  let lost: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(request, target, store, context, lost);
    try {
      return await openOn(port, { request, target, instanceId, store, deadline }, context);
    } catch (error) {
      const mayTryAnother = !request.port && attempt < PORT_ATTEMPTS && Problem.is(error) && error.code === 'PORT_TAKEN';
      if (!mayTryAnother) throw error;
      lost = port;
    }
  }
}

interface OpeningInput {
  readonly request: TunnelRequest;
  readonly target: ResolvedTarget;
  readonly instanceId: string;
  readonly store: Store;
  readonly deadline: Deadline;
}

async function openOn(port: number, input: OpeningInput, context: AwsContext): Promise<TunnelView> {
  const { target, instanceId, store } = input;
  const hash = getTunnelHash({ instanceId, remoteHost: target.host, remotePort: target.port, localPort: port });
  try {
    return await openByWorker({ ...input, port, hash }, context);
  } catch (error) {
    await cleanUpAfter(hash, store, context);
    throw error;
  }
}

/** A worker that had to be killed, or was, has left what it held. */
async function cleanUpAfter(hash: string, store: Store, { aws, log }: AwsContext): Promise<void> {
  try {
    const left = store.list().find((record) => record.hash === hash && !record.alive && !record.elsewhere);
    if (left) await cleanUp(store, left, { aws, log });
  } catch (error) {
    log.debug(`what the tunnel left could not be cleaned up: ${reasonOf(error)}`);
  }
}

async function openByWorker(input: OpeningInput & { port: number; hash: string }, context: AwsContext): Promise<TunnelView> {
  const { request, target, instanceId, store, deadline, port, hash } = input;
  const { log: logPath, sock } = store.pathsOf(hash);
  const worker = await spawnWorker({
    type: 'order',
    dir: store.dir,
    hash,
    localPort: port,
    target,
    instanceId,
    aws: { region: context.aws.region!, profile: context.aws.profile },
    transport: request.transport,
    reason: request.reason,
    lanes: request.lanes ?? LANES[request.transport],
    packetsPerSecond: request.packetsPerSecond,
    shared: request.shared,
    deadline: deadline.at,
  }, logPath, deadline, context);
  try {
    await waitForDatabase({ name: target.name, engine: target.engine, port, controlPath: sock }, deadline.orWhen(worker.lost), context);
    await worker.adopt();
  } catch (error) {
    await worker.dismiss();
    throw error;
  }
  await store.rememberPort(keyOfTarget(target), port);
  return viewOf(recordOf(store, hash).meta, await askWorker(sock, { op: 'status' }));
}

function recordOf(store: Store, hash: string): TunnelRecord {
  const record = store.list().find((one) => one.hash === hash);
  if (!record) throw new Problem('UNEXPECTED', 'the tunnel\'s files went away right after it was opened', { next: 'try again' });
  return record;
}
