import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Conversation } from '../../bench/soak/conversation';
import { secondHalf, slope } from '../../bench/soak/slope';
import { Soak } from '../../bench/soak/soak';
import { type Order, ORDERS, Target } from '../../bench/soak/target';
import { failuresOf } from '../../bench/soak/verdict';
import { DEFAULT_SEED } from '../fuzz/fuzz';
import { eventually } from '../support/eventually';
import { scenario } from './support/scenario';
import { copyWatchedPackage, WatchedWorker, type Weight } from './support/watched-worker';
import type { World } from './support/world';

const MIB = 1024 * 1024;
/** Bytes are what matters here, and not how long the agent takes. */
const SCALE = 50;
const AT_ONCE = 500;
const [IN_ALL, IN_A_BATCH, ABREAST] = [10_000, 500, 50];
const QUESTION = 64;
/** A session more or less is a socket more or less. */
const LANES = 2;

interface Tunnel {
  readonly port: number;
  readonly worker: WatchedWorker;
}

/** A tunnel, whose worker can be weighed, to a target that answers whatever it is told. */
async function withTunnel(world: World, body: (tunnel: Tunnel) => Promise<void>): Promise<void> {
  const [folder, target] = [await mkdtemp(join(tmpdir(), 'connect-endurance-')), await Target.start()];
  try {
    const bin = await copyWatchedPackage(join(folder, 'package'));
    world.aws.hosts.map(world.aws.clusters.get('ahbodedb').endpoint, target);
    const { port, pid } = await world.open(`ahbodedb --port 0 --lanes ${LANES}`, { bin });
    await body({ port, worker: new WatchedWorker(pid, bin) });
    await world.closeAll();
  } finally {
    target.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A connection of its own that has said something nobody else says. */
async function ask(port: number, order: Order): Promise<{ conversation: Conversation; isAnswered: () => Promise<boolean> }> {
  const conversation = new Conversation(port);
  const question = randomBytes(QUESTION);
  await conversation.order(order, 0, QUESTION);
  await conversation.send(question);
  return { conversation, isAnswered: async () => (await conversation.read(QUESTION)).equals(question) };
}

async function askOnce(port: number): Promise<boolean> {
  const { conversation, isAnswered } = await ask(port, ORDERS.ANSWER);
  const answered = await isAnswered();
  await conversation.end();
  conversation.destroy();
  return answered;
}

async function settled(worker: WatchedWorker, handles: number): Promise<void> {
  await eventually(() => worker.handles, (now) => now <= handles + 2, 30);
}

scenario(`${AT_ONCE} connections at once are all answered, each with its own data`, async (world) => withTunnel(world, async ({ port, worker }) => {
  await askOnce(port);
  const { handles } = await worker.weigh();
  const all = await Promise.all(Array.from({ length: AT_ONCE }, async () => ask(port, ORDERS.ECHO)));
  expect(await Promise.all(all.map(async ({ isAnswered }) => isAnswered()))).toEqual(all.map(() => true));
  expect(worker.handles).toBeGreaterThanOrEqual(handles + AT_ONCE);
  for (const { conversation } of all) conversation.destroy();
  await settled(worker, handles + LANES - 1);
}), { timeout: 60_000, agentTiming: { scale: SCALE } });

scenario(`${IN_ALL} connections one after another leave nothing in the worker`, async (world) => withTunnel(world, async ({ port, worker }) => {
  await batch(port);
  const before = await worker.weigh();
  const weights: Weight[] = [];
  for (let made = 0; made < IN_ALL; made += IN_A_BATCH) {
    expect(await batch(port)).toBe(IN_A_BATCH);
    await settled(worker, before.handles + LANES);
    weights.push(await worker.weigh());
  }
  const growth = (of: (weight: Weight) => number) => slope(secondHalf(weights).map((weight, at) => [(at * IN_A_BATCH) / 1000, of(weight)]));
  expect(growth(({ rss }) => rss)).toBeLessThan(MIB);
  expect(growth(({ heap }) => heap)).toBeLessThan(MIB / 4);
  expect(Math.abs(weights.at(-1)!.handles - before.handles)).toBeLessThanOrEqual(2);
}), { timeout: 300_000, agentTiming: { scale: SCALE } });

/** Opens and closes so many, some of them side by side. @returns how many were answered */
async function batch(port: number): Promise<number> {
  const answered = await Promise.all(Array.from({ length: ABREAST }, async () => {
    let count = 0;
    for (let made = 0; made < IN_A_BATCH / ABREAST; made++) count += Number(await askOnce(port));
    return count;
  }));
  return answered.reduce((sum, count) => sum + count, 0);
}

test('eight hours of traffic and faults, in half a minute: nothing is lost that should have survived, and nothing grows', async () => {
  const report = await Soak.run({ minutes: 0.5, seed: DEFAULT_SEED, isCompressed: true });
  expect(failuresOf(report)).toEqual([]);
  expect(report.resumed).toBeGreaterThan(0);
  expect(report.sessions).toBeGreaterThan(1);
  // The last one falls on the end of the day.
  expect(report.faults['connection closed at 60 minutes']).toBeGreaterThanOrEqual(7);
}, 240_000);
