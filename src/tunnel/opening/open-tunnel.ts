import type { AwsContext } from '../../aws/context';
import { toldRegion } from '../../aws/region';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import { cleanUp } from '../closing/end-worker';
import { askWorker } from '../control/client';
import { type Hold, holdTunnel } from '../control/hold';
import { acquireLock } from '../lock';
import { openStore, type Store, type TunnelRecord } from '../store';
import { DEFAULT_LANES, type ResolvedTarget, type TargetCredentials, type TunnelRequest, type TunnelView } from '../tunnel';
import { getTunnelHash } from '../tunnel-hash';
import { socketPathFor } from '../unix-sockets';
import { viewOf } from '../view';
import { checkUnixSocket } from './check-unix-socket';
import { checkExplicitPort, choosePort } from './choose-port';
import { Deadline } from './deadline';
import { EarlyAnswers } from './early-answers';
import { keyOfRequest, keyOfTarget, requestedName } from './identity';
import { findBastion, resolveTarget } from './resolve-target';
import { reuseTunnel } from './reuse-tunnel';
import { waitForDatabase } from './wait-for-database';
import { Workers } from './workers';

/** A free port may be taken by another between the look and the listening. */
const PORT_ATTEMPTS = 5;

export type OpenedTunnel = TunnelView & {
  readonly reused: boolean;
  readonly credentials?: TargetCredentials;
  /** Where one was asked for, and the worker knows of such a thing. */
  readonly hold?: Hold;
};

/**
 * Opens a tunnel, or reuses the one that is open. When it is done the database has answered through it, and the tunnel outlives this process.
 * @throws Problem, whose code says at which step it ended, or the reason of `context.signal`; nothing is left of a tunnel that did not come up
 */
export async function openTunnel(request: TunnelRequest, context: AwsContext): Promise<OpenedTunnel> {
  const deadline = new Deadline(request.timeout, context.signal);
  const store = await openStore();
  for (const { path, why } of store.sweep()) context.log.debug(`${path} is of no tunnel: ${why}`);
  const region = toldRegion(context)?.region ?? await (await import('../../aws/hot-path')).resolveRegion(context);
  const aws: AwsContext = { aws: { ...context.aws, region }, log: context.log, signal: deadline.signal };
  await checkExplicitPort(request, region, store);
  await checkUnixSocket(request, region, store);

  const release = await lockTarget(request, keyOfRequest(request, region), store, deadline, context);
  const workers = new Workers(store, context);
  try {
    // Both go on while AWS is asked where the target is.
    const candidates = likelyTunnels(request, region, store);
    if (candidates.length === 0) workers.prepare();
    const answered = new EarlyAnswers(candidates, deadline);
    const { target, credentials } = await deadline.race(resolveTarget(request, aws), 'SESSION_FAILED', 'looking up the target');
    request.check?.({ name: target.name, engine: target.engine, credentials });
    const open = await reuseTunnel({ request, target, store, answered, deadline }, aws);
    if (open) {
      await store.rememberPort(keyOfTarget(target), open.port);
      return { ...open, reused: true, credentials };
    }
    return { ...await openAnew({ request, target, store, workers, deadline }, aws), reused: false, credentials };
  } finally {
    await workers.discard();
    await release();
  }
}

/** The tunnels that may turn out to be the one asked for. */
function likelyTunnels(request: TunnelRequest, region: string, store: Store): TunnelRecord[] {
  const key = keyOfRequest(request, region);
  const mayBe = ({ meta }: TunnelRecord): boolean => keyOfTarget(meta) === key && (!request.port || request.port === meta.port);
  return store.list().filter((record) => (record.alive || record.elsewhere) && mayBe(record));
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

async function openAnew(input: OpeningInput, context: AwsContext): Promise<HeldTunnel> {
  const { request, target, store, deadline } = input;
  const instanceId = await deadline.race(findBastion(target, context), 'BASTION_DOWN', 'looking up the bastion');
  let lost: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(request, target, store, context, lost);
    try {
      return await openOn(port, { ...input, instanceId }, context);
    } catch (error) {
      const mayTryAnother = !request.port && attempt < PORT_ATTEMPTS && Problem.is(error) && error.code === 'PORT_TAKEN';
      if (!mayTryAnother) throw error;
      lost = port;
    }
  }
}

type HeldTunnel = TunnelView & { readonly hold?: Hold };

interface OpeningInput {
  readonly request: TunnelRequest;
  readonly target: ResolvedTarget;
  readonly store: Store;
  readonly workers: Workers;
  readonly deadline: Deadline;
}

type BastionInput = OpeningInput & { readonly instanceId: string };

async function openOn(port: number, input: BastionInput, context: AwsContext): Promise<HeldTunnel> {
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

async function openByWorker(input: BastionInput & { port: number; hash: string }, context: AwsContext): Promise<HeldTunnel> {
  const { request, target, instanceId, store, workers, deadline, port, hash } = input;
  const { sock } = store.pathsOf(hash);
  const worker = await workers.open({
    type: 'order',
    dir: store.dir,
    hash,
    localPort: port,
    target,
    instanceId,
    aws: { region: context.aws.region!, profile: context.aws.profile },
    transport: request.transport,
    reason: request.reason,
    lanes: request.lanes ?? DEFAULT_LANES[request.transport],
    packetsPerSecond: request.packetsPerSecond,
    shared: request.shared,
    unixSocket: request.unixSocket && socketPathFor(request.unixSocket, port),
    deadline: deadline.at,
  }, deadline);
  try {
    await waitForDatabase({ name: target.name, engine: target.engine, port, controlPath: sock }, deadline.orWhen(worker.lost), context);
    await worker.adopt();
  } catch (error) {
    await worker.dismiss();
    throw error;
  }
  await store.rememberPort(keyOfTarget(target), port);
  const hold = request.hold && await holdTunnel(sock, request.hold);
  return { ...viewOf(recordOf(store, hash).meta, await askWorker(sock, { op: 'status' })), hold };
}

function recordOf(store: Store, hash: string): TunnelRecord {
  const record = store.list().find((one) => one.hash === hash);
  if (!record) throw new Problem('UNEXPECTED', 'the tunnel\'s files went away right after it was opened', { next: 'try again' });
  return record;
}
