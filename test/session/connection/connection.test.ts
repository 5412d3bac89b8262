import type { Socket } from 'node:net';
import { Problem } from '../../../src/problem';
import { ConnectionLab, refusal } from '../connection-lab';
import { soon } from '../soon';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let lab: ConnectionLab;

beforeEach(async () => { lab = await ConnectionLab.start(); });
afterEach(() => lab.close());

const throttled = Object.assign(new Error('Rate exceeded'), { name: 'PassingTrouble' });
const expired = new Problem('CREDENTIALS', 'the SSO session of profile "dev" is over', { next: 'aws sso login --profile dev' });

/** The most calls in any minute. */
function callsAMinute(calls: readonly number[]): number {
  return Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + MINUTE).length));
}

function expectBounded(): void {
  expect(callsAMinute(lab.calls)).toBeLessThanOrEqual(16);
  expect(callsAMinute(lab.calls.slice(6))).toBeLessThanOrEqual(12);
}

test('a lost connection is replaced at once, by one with a token of its own', async () => {
  const connection = await lab.open();
  for (let cuts = 1; cuts <= 3; cuts++) {
    lab.clock.advance(MINUTE);
    await lab.cut();
    await soon(() => lab.resumed === cuts && lab.tokens.length === cuts + 1);
  }
  expect(lab.calls).toEqual([2 * MINUTE, 3 * MINUTE, 4 * MINUTE]);
  expect(lab.tokens).toEqual(['token-0', 'token-1', 'token-2', 'token-3']);
  expect(connection).toMatchObject({ isConnected: true, reconnects: 3, trouble: undefined });
  expect(lab.sockets).toHaveLength(1);
});

test('a service that cuts every 1.1 s is not asked more than 16 times a minute, and soon 12', async () => {
  await lab.open();
  for (const end = lab.clock.now() + 5 * MINUTE; lab.clock.now() < end;) {
    lab.clock.advance(1_100);
    const before = lab.resumed;
    await lab.cut();
    await lab.clock.advanceThroughPauses(MINUTE, () => lab.resumed > before);
  }
  expectBounded();
  expect(lab.resumed).toBeGreaterThan(40);
});

test('a service that takes a token and hangs up, again and again, is asked less and less', async () => {
  await lab.open();
  lab.welcome = (socket) => socket.close(1008);
  await lab.cut();
  await lab.clock.advanceThroughPauses(10 * MINUTE, () => false);
  expectBounded();
  expect(callsAMinute(lab.calls.slice(10))).toBeLessThanOrEqual(9);
  expect(new Set(lab.tokens).size).toBe(lab.tokens.length);
});

test.each([
  ['throttles ResumeSession', () => { lab.answerResume = async () => Promise.reject(throttled); }, 'Rate exceeded'],
  ['refuses the upgrade', () => { lab.answerUpgrade = refusal(403); }, 'the service refused the connection (403 No)', 'have whoever connects granted ssmmessages:OpenDataChannel'],
  ['has trouble of its own', () => { lab.answerUpgrade = refusal(503); }, 'the service refused the connection (503 No)'],
])('a service that %s is asked ever less often, and in the end not at all', async (_, goWrong, reason, next = '') => {
  const connection = await lab.open();
  goWrong();
  await lab.cut();
  await lab.clock.advanceThroughPauses(19 * MINUTE);
  expect(connection.trouble).toContain(`the session cannot be resumed: ${reason}`);
  expect(connection.trouble).toContain(next);
  expect(lab.ends).toEqual([]);
  expectBounded();
  await lab.clock.advanceThroughPauses(2 * MINUTE, () => lab.ends.length > 0);
  expect(lab.ends).toEqual([{ by: 'network', reason: `the session could not be resumed for 20 min: ${reason}` }]);
});

test('a service that says when to come back is left alone until then', async () => {
  await lab.open();
  lab.answerUpgrade = refusal(429, ['Retry-After: 40']);
  await lab.cut();
  await soon(() => lab.clock.isPausing);
  lab.clock.advance(39 * SECOND);
  expect(lab.clock.isPausing).toBe(true);
  lab.answerUpgrade = () => false;
  lab.clock.advance(SECOND);
  await soon(() => lab.resumed === 1);
  expect(lab.calls).toEqual([MINUTE, MINUTE + 40 * SECOND]);
});

test('what a refusal says besides is not repeated: it may hold what was signed', async () => {
  await lab.open();
  lab.answerUpgrade = refusal(403, [], 'The canonical string was x-amz-security-token: a session token');
  await lab.cut();
  await soon(() => lab.connection.trouble !== undefined);
  expect(JSON.stringify([lab.logged, lab.connection.trouble])).not.toContain('session token');
});

test('credentials that are no good any more: said once, tried at long intervals, and at once when there are new ones', async () => {
  const connection = await lab.open();
  lab.answerResume = async () => Promise.reject(expired);
  await lab.cut();
  await lab.clock.advanceThroughPauses(10 * MINUTE);
  expect(connection.trouble).toBe('the session cannot be resumed: the SSO session of profile "dev" is over; aws sso login --profile dev');
  expect(lab.logged.filter(({ level }) => level === 'warn')).toEqual([{
    level: 'warn', message: 'the session cannot be resumed: the SSO session of profile "dev" is over', details: { next: 'aws sso login --profile dev' },
  }]);
  const pauses = lab.calls.slice(2).map((at, index) => at - lab.calls[index + 1]!);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(7_500);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(15_000);
  lab.answerResume = async (ticket) => ticket;
  await soon(() => lab.clock.isPausing);
  const now = lab.clock.now();
  connection.retry();
  await soon(() => lab.resumed === 1);
  expect(lab.calls.at(-1)).toBe(now);
  expect(connection).toMatchObject({ reconnects: 1, trouble: undefined });
});

test('credentials that are no good for the upgrade are the same trouble', async () => {
  const connection = await lab.open();
  lab.credentials = async () => Promise.reject(expired);
  await lab.cut();
  await soon(() => connection.trouble !== undefined);
  expect(connection.trouble).toContain('aws sso login');
});

test('to be told that it works now changes nothing for a connection that is there', async () => {
  const connection = await lab.open();
  connection.retry();
  lab.clock.advance(MINUTE);
  expect(connection.isConnected).toBe(true);
  expect(lab.calls).toEqual([]);
});

test('a call that never returns is called off after a while, and so is one that hangs when there is new hope', async () => {
  const connection = await lab.open();
  lab.answerResume = () => new Promise(() => {});
  await lab.cut();
  await soon(() => lab.calls.length === 1);
  lab.clock.advance(45 * SECOND);
  await soon(() => connection.trouble === 'the session cannot be resumed: no answer within 45 s');
  await lab.clock.advanceThroughPauses(MINUTE, () => lab.calls.length === 2);
  lab.answerResume = async (ticket) => ticket;
  connection.retry();
  await soon(() => lab.resumed === 1);
  expect(lab.calls).toHaveLength(3);
});

test('an upgrade that is never answered is called off when there is new hope, and its socket is not left behind', async () => {
  const connection = await lab.open();
  const ignored: Socket[] = [];
  lab.answerUpgrade = (_request, socket) => ignored.push(socket) > 0;
  await lab.cut();
  await soon(() => ignored.length === 1);
  lab.answerUpgrade = () => false;
  connection.retry();
  await soon(() => lab.resumed === 1);
  await soon(() => ignored[0]!.destroyed || ignored[0]!.readableEnded);
  expect(lab.sockets).toHaveLength(1);
});

test('a call that returns after the close opens nothing', async () => {
  const connection = await lab.open();
  let answer!: () => void;
  lab.answerResume = (ticket) => new Promise((resolve) => { answer = () => resolve(ticket); });
  const signed = jest.fn(lab.credentials);
  lab.credentials = signed;
  await lab.cut();
  await soon(() => answer !== undefined);
  await connection.close(0);
  answer();
  await new Promise(setImmediate);
  expect(signed).not.toHaveBeenCalled();
  expect(lab.tokens).toHaveLength(1);
  expect([lab.ends, lab.resumed, lab.clock.waits]).toEqual([[], 0, 0]);
});

test.each([
  ['a call fails', () => { lab.answerResume = async () => Promise.reject(throttled); }],
  ['the session turns out to be over', () => { lab.answerResume = async () => undefined; }],
  ['a WebSocket is on its way', () => { lab.answerUpgrade = () => true; }],
])('closing while %s is final, and nothing is left', async (_, arrange) => {
  const connection = await lab.open();
  arrange();
  for (const socket of lab.sockets) socket.terminate();
  await soon(() => lab.calls.length === 1);
  await connection.close(0);
  await soon(() => lab.sockets.length === 0);
  lab.clock.advance(30 * MINUTE);
  expect(lab.calls).toHaveLength(1);
  expect(connection.isConnected).toBe(false);
  expect(lab.clock.waits).toBe(0);
});

test('closing while it opens ends the opening, though credentials never come', async () => {
  lab.credentials = () => new Promise(() => {});
  const opening = lab.make().open();
  const failed = expect(opening).rejects.toMatchObject({ code: 'SESSION_FAILED' });
  await lab.connection.close(0);
  await failed;
  expect(lab.clock.waits).toBe(0);
});

test('a machine that sleeps while it opens is let finish', async () => {
  let answer!: () => void;
  lab.credentials = () => new Promise((resolve) => { answer = () => resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' }); });
  const opening = lab.make().open();
  lab.clock.sleepThrough(MINUTE);
  lab.clock.advance(5 * SECOND);
  answer();
  await opening;
  expect(lab.connection.isConnected).toBe(true);
});

test('after an hour of sleep it tries again at once, and for some minutes, before it gives up', async () => {
  await lab.open();
  lab.answerResume = async () => Promise.reject(new Error('getaddrinfo ENOTFOUND ssm.us-east-1.amazonaws.com'));
  await lab.cut();
  await lab.clock.advanceThroughPauses(5 * MINUTE);
  await soon(() => lab.clock.isPausing);
  const before = lab.calls.length;
  lab.clock.sleepThrough(60 * MINUTE);
  await lab.clock.advanceThroughPauses(MINUTE);
  expect(lab.calls.length - before).toBeGreaterThanOrEqual(6);
  expect(lab.ends).toEqual([]);
  await lab.clock.advanceThroughPauses(3 * MINUTE, () => lab.ends.length > 0);
  expect(lab.ends[0]).toMatchObject({ by: 'network', reason: expect.stringContaining('ENOTFOUND') });
});

test('a pause that was slept through is followed by a try, not by giving up', async () => {
  await lab.open();
  lab.answerResume = async () => Promise.reject(throttled);
  await lab.cut();
  await soon(() => lab.clock.isPausing);
  lab.clock.sleepThrough(60 * MINUTE);
  // Less than the sleep watch takes to notice.
  await lab.clock.advanceThroughPauses(SECOND);
  expect(lab.ends).toEqual([]);
  lab.answerResume = async (ticket) => ticket;
  await lab.clock.advanceThroughPauses(MINUTE, () => lab.resumed > 0);
  expect(lab.resumed).toBe(1);
});

test('one that holds on purpose holds on the next connection too', async () => {
  const connection = await lab.open();
  lab.welcome = (socket) => socket.send(Buffer.from('a frame'));
  connection.pause();
  for (const socket of lab.sockets) socket.terminate();
  // Whoever does not read does not notice the end: only the next thing that is sent fails.
  await soon(() => {
    connection.send(Buffer.from('x'));
    return lab.tokens.length === 2;
  });
  expect(lab.frames).toEqual([]);
  connection.resume();
  await soon(() => lab.frames.length === 1);
});
