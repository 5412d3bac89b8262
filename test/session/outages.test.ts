import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session, SessionOptions } from '../../src/session';
import { LIMIT_OUTPUTS } from '../local-aws/gateway/limits';
import type { LabOptions } from '../local-aws/gateway/testing/lab';
import { ByteTarget, download, upload } from './byte-exact';
import { FakeClock } from './fake-clock';
import { SessionLab } from './session-lab';
import { soon } from './soon';

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let lab: SessionLab;
let target: ByteTarget;

afterEach(async () => {
  await lab.close();
  const log = lab.loggedWhole.join('\n');
  expect(log).not.toMatch(/token-session|another-token|publish_subscribe|wJalrXUtnFEMI/);
});

async function start(options: Partial<SessionOptions> = {}, labOptions: LabOptions = {}): Promise<Session> {
  target = new ByteTarget();
  lab = await SessionLab.start({ target: target.serve, ...labOptions });
  return lab.open(options);
}

const resumes = (): number => lab.calls.filter((call) => call === 'resume').length;

/** An upload, a download and a connection that does nothing, all of which have to outlive what happens meanwhile. */
async function carry(session: Session, sizes: { up: number; down: number }): Promise<() => Promise<void>> {
  const [up, down, idle] = await Promise.all([lab.connect(session), lab.connect(session), lab.connect(session)]) as [Socket, Socket, Socket];
  await upload(idle, 1);
  const moving = [upload(up, sizes.up), download(down, sizes.down)] as const;
  return async () => {
    const [uploaded, downloaded] = await Promise.all(moving);
    expect(uploaded.there).toBe(uploaded.here);
    expect(downloaded).toBe(target.sent[0]);
    for (const socket of [up, down, idle]) {
      const { here, there } = await upload(socket, KIB);
      expect(there).toBe(here);
    }
    expect(session).toMatchObject({ isOpen: true, openStreams: 3 });
  };
}

/** The network is away: nothing can be reached, and what was connected is cut. Until it is told that it is back. */
function takeNetworkAway(): () => void {
  const { gateway } = lab.lab;
  gateway.faults.refuseUpgrades = Infinity;
  lab.resumeFails = Object.assign(new Error('getaddrinfo ENOTFOUND ssm.us-east-1.amazonaws.com'), { name: 'PassingTrouble' });
  gateway.cut('abrupt');
  return () => {
    gateway.faults.refuseUpgrades = 0;
    lab.resumeFails = undefined;
  };
}

test.each(['abrupt', 'bye'] as const)('the service cuts once (%s) during upload, download and idleness: the session is resumed, and everything arrives', async (how) => {
  const session = await start({}, { timing: { scale: 10 } });
  const carried = await carry(session, { up: MIB / 2, down: 384 * KIB });
  const { gateway } = lab.lab;
  await soon(() => gateway.counters.toClient.messages > 100 && gateway.counters.toAgent.messages > 50);
  gateway.cut(how);
  await carried();
  expect(gateway.counters).toMatchObject({ cuts: 1, tokensAccepted: 2, tokensRejected: 0 });
  expect(resumes()).toBe(1);
}, 30 * SECOND);

test.each([['abrupt', 'lost'], ['bye', 'queued']] as const)('it cuts every 2 s (%s; what is sent meanwhile is %s): the same', async (how, whileAway) => {
  target = new ByteTarget();
  lab = await SessionLab.start({ target: target.serve });
  const { gateway } = lab.lab;
  Object.assign(gateway.faults, { cutEvery: 2 * SECOND, cutHow: how, whileAway });
  const session = await lab.open();
  const carried = await carry(session, { up: 4 * MIB, down: 2 * MIB });
  await carried();
  const { counters } = gateway;
  // The last cut may have come just now, and the session not have been resumed yet.
  await soon(() => resumes() === counters.tokensAccepted - 1);
  expect(counters.cuts).toBeGreaterThanOrEqual(2);
  expect(counters.tokensAccepted).toBeGreaterThanOrEqual(counters.cuts);
  expect(lab.calls[0]).toBe('start');
}, 90 * SECOND);

test('the network is away for 12 seconds: everything goes on by itself', async () => {
  const session = await start();
  const carried = await carry(session, { up: MIB, down: 32 * KIB });
  await soon(() => lab.lab.gateway.counters.toAgent.messages > 100);
  const networkIsBack = takeNetworkAway();
  await sleep(12 * SECOND);
  networkIsBack();
  await carried();
  // Six at once at most, then one in six seconds, and the one that succeeds.
  expect(resumes()).toBeGreaterThanOrEqual(4);
  expect(resumes()).toBeLessThanOrEqual(12);
}, 90 * SECOND);

test.each([2, 10, 19])('the network is away for %i minutes: everything goes on by itself', async (minutes) => {
  const clock = new FakeClock();
  const session = await start({ clock }, { timing: { scale: 50 } });
  const carried = await carry(session, { up: MIB / 2, down: 256 * KIB });
  await soon(() => lab.lab.gateway.counters.toAgent.messages > 100);
  const networkIsBack = takeNetworkAway();
  await clock.advanceThroughPauses(minutes * MINUTE);
  networkIsBack();
  await clock.advanceThroughPauses(16 * SECOND, () => lab.logged.includes('session resumed'));
  await carried();
  expect(resumes()).toBeLessThanOrEqual(12 * minutes + 6);
}, 30 * SECOND);

test('a network that is away for longer than any session lives is given up, and the log says why', async () => {
  const clock = new FakeClock();
  const session = await start({ clock });
  const socket = await lab.connect(session);
  const reset = once(socket, 'error');
  takeNetworkAway();
  await clock.advanceThroughPauses(21 * MINUTE, () => !session.isOpen);
  const end = await session.ended;
  expect(end).toMatchObject({ by: 'network', reason: expect.stringMatching(/^the session could not be resumed for 2[01] min: getaddrinfo ENOTFOUND/) });
  expect((await reset)[0].code).toBe('ECONNRESET');
  expect(lab.loggedWhole.find((line) => line.startsWith('["session ended"'))).toContain(end.reason);
});

describe('a laptop that sleeps for an hour', () => {
  test('wakes to a socket that nobody knows any more: it asks at once, and resumes', async () => {
    const clock = new FakeClock();
    const session = await start({ clock }, { timing: { scale: 50 } });
    const carried = await carry(session, { up: MIB / 4, down: 128 * KIB });
    const { gateway } = lab.lab;
    gateway.silence();
    clock.sleepThrough(60 * MINUTE);
    clock.advance(5 * SECOND);
    await soon(() => gateway.counters.pings === 1);
    clock.advance(5 * SECOND);
    await carried();
    expect(gateway.counters.silenced).toBeGreaterThan(0);
    expect(resumes()).toBe(1);
  }, 30 * SECOND);

  test('wakes to a socket that is still good: it asks, and keeps it', async () => {
    const clock = new FakeClock();
    const session = await start({ clock });
    const carried = await carry(session, { up: KIB, down: KIB });
    await carried();
    const { gateway } = lab.lab;
    clock.sleepThrough(60 * MINUTE);
    clock.advance(5 * SECOND);
    await soon(() => gateway.counters.pings === 1);
    // The answer to our ping comes before the answer to this.
    const { here, there } = await upload(await lab.connect(session), KIB);
    expect(there).toBe(here);
    clock.advance(5 * SECOND);
    expect(resumes()).toBe(0);
    expect(gateway.counters.tokensAccepted).toBe(1);
  });

  test('wakes without a network, which comes back: it resumes', async () => {
    const clock = new FakeClock();
    const session = await start({ clock }, { timing: { scale: 50 } });
    const carried = await carry(session, { up: MIB / 4, down: 128 * KIB });
    const networkIsBack = takeNetworkAway();
    await soon(() => clock.isPausing);
    clock.sleepThrough(60 * MINUTE);
    await clock.advanceThroughPauses(20 * SECOND);
    networkIsBack();
    await clock.advanceThroughPauses(20 * SECOND, () => lab.logged.includes('session resumed'));
    await carried();
  }, 30 * SECOND);

  test('wakes to a session that has timed out meanwhile: it is told so, once', async () => {
    const clock = new FakeClock();
    target = new ByteTarget();
    lab = await SessionLab.start({ target: target.serve });
    lab.opening = { limits: { idleSessionTimeout: 20 } };
    const session = await lab.open({ clock });
    const reset = once(await lab.connect(session), 'error');
    const { gateway } = lab.lab;
    gateway.silence();
    gateway.passMinutes(60);
    clock.sleepThrough(60 * MINUTE);
    clock.advance(5 * SECOND);
    await soon(() => gateway.counters.pings === 1);
    clock.advance(5 * SECOND);
    expect(await session.ended).toEqual({ by: 'service', reason: 'the service has ended the session' });
    expect((await reset)[0].code).toBe('ECONNRESET');
    expect(lab.calls).toEqual(['start', 'resume']);
  });
});

test.each(['idleSessionTimeout', 'maxSessionDuration'] as const)('a session that the service ends (%s) is over at once, for the reason it gives, and nobody asks to resume it', async (limit) => {
  const clock = new FakeClock();
  target = new ByteTarget();
  lab = await SessionLab.start({ target: target.serve });
  lab.opening = { limits: { [limit]: 30 } };
  const session = await lab.open({ clock });
  const socket = await lab.connect(session);
  await upload(socket, KIB);
  const reset = once(socket, 'error');
  lab.lab.gateway.passMinutes(31);
  expect(await session.ended).toEqual({ by: 'service', reason: LIMIT_OUTPUTS[limit] });
  expect((await reset)[0].code).toBe('ECONNRESET');
  await session.close();
  expect(clock.waits).toBe(0);
  expect(lab.calls).toEqual(['start']);
});

test('sessions that are cut together come back together, each on its own', async () => {
  const first = await start({}, { timing: { scale: 10 } });
  const sessions = [first, await lab.open(), await lab.open()];
  const sockets = await Promise.all(sessions.map((session) => lab.connect(session)));
  lab.lab.gateway.cut('bye');
  for (const { here, there } of await Promise.all(sockets.map((socket) => upload(socket, 64 * KIB)))) expect(there).toBe(here);
  expect(lab.lab.gateway.counters).toMatchObject({ cuts: 3, tokensAccepted: 6 });
});
