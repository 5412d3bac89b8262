import { setImmediate as soon } from 'node:timers/promises';
import type { ResolvedTarget } from '../../../../src/tunnel/tunnel';
import { eventually } from '../../../support/eventually';
import { TARGET } from '../../some-target';
import { FakeSessions, FakeSocket } from './fake-sessions';

const MOVED: ResolvedTarget = { ...TARGET, host: 'new.internal' };
const FAR = Date.now() + 3_600_000;
const KIB = 1024;

beforeEach(() => { jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] }); });
afterEach(() => { jest.useRealTimers(); });

/** Sessions that open by themselves, and how many connections each has. */
function readySessions(most?: number) {
  const sessions = new FakeSessions(most);
  sessions.openAtOnce = true;
  return sessions;
}

const spread = ({ carriers }: FakeSessions) => carriers.map(({ carried }) => carried.filter(({ destroyed }) => !destroyed).length);

/** A connection that has had its first answer, and that nothing has been heard of since. */
async function calmConnection(sessions: FakeSessions): Promise<FakeSocket> {
  const socket = await sessions.carry();
  socket.bytesWritten = 100;
  jest.advanceTimersByTime(2_000);
  return socket;
}

/** What bulk transfers look like after a while. */
function transfer(...sockets: FakeSocket[]): void {
  for (let tick = 0; tick < 6; tick++) {
    for (const socket of sockets) socket.bytesWritten += 300 * KIB;
    jest.advanceTimersByTime(500);
  }
}

describe('where a connection goes', () => {
  test('all who wait for the first session get the same one', async () => {
    const sessions = new FakeSessions(1);
    const waiting = [sessions.carry(), sessions.carry(), sessions.carry()];
    await soon();
    expect(sessions.openings).toHaveLength(1);
    sessions.openings[0]!.succeed();
    await Promise.all(waiting);
    expect(spread(sessions)).toEqual([3]);
  });

  test('connections that have nothing to do share a lane', async () => {
    const sessions = readySessions();
    for (let i = 0; i < 5; i++) await calmConnection(sessions);
    expect(spread(sessions)).toEqual([5]);
  });

  test('a query beside a bulk transfer gets a lane of its own, and so does the next bulk transfer', async () => {
    const sessions = readySessions();
    const first = await sessions.carry();
    transfer(first);
    const second = await sessions.carry();
    transfer(first, second);
    await sessions.carry();
    expect(spread(sessions)).toEqual([1, 1, 1]);
  });

  test('eight at once are spread over as many lanes as there may be', async () => {
    const sessions = readySessions(4);
    await Promise.all(Array.from({ length: 8 }, () => sessions.carry()));
    expect(spread(sessions)).toEqual([2, 2, 2, 2]);
  });

  test('a lane that has lost the service, and may not find it again, is the last choice', async () => {
    const sessions = readySessions();
    const sockets = await Promise.all([sessions.carry(), sessions.carry()]);
    for (const socket of sockets) socket.bytesWritten = 100;
    jest.advanceTimersByTime(2_000);
    sessions.carriers[0]!.trouble = 'the session cannot be resumed';
    await calmConnection(sessions);
    expect(spread(sessions)).toEqual([1, 2]);
    sessions.carriers[1]!.trouble = 'the session cannot be resumed';
    await calmConnection(sessions);
    expect(spread(sessions)).toEqual([2, 2]);
  });

  test('one lane at most is one lane', async () => {
    const sessions = readySessions(1);
    transfer(await sessions.carry());
    await Promise.all([sessions.carry(), sessions.carry()]);
    expect(spread(sessions)).toEqual([3]);
  });

  test('an empty lane is used again before another is opened', async () => {
    const sessions = readySessions();
    transfer(await sessions.carry());
    (await sessions.carry()).close();
    await sessions.carry();
    expect(spread(sessions)).toEqual([1, 1]);
  });

  test('one that is about to go holds up nobody', async () => {
    const sessions = readySessions();
    const first = await sessions.carry();
    first.readableEnded = true;
    await sessions.carry();
    expect(spread(sessions)).toEqual([2]);
  });

  test('a connection stays where it is', async () => {
    const sessions = readySessions();
    const first = await calmConnection(sessions);
    const second = await calmConnection(sessions);
    transfer(first, second);
    expect(spread(sessions)).toEqual([2]);
  });

  test('who went away while it waited is not carried', async () => {
    const sessions = new FakeSessions();
    const socket = new FakeSocket();
    const waiting = sessions.carry(socket);
    socket.close();
    await soon();
    sessions.openings[0]!.succeed();
    await waiting;
    expect(sessions.carriers[0]!.carried).toEqual([]);
  });

  test('where another session cannot be opened, the one that is there is shared, and not asked for again at once', async () => {
    const sessions = new FakeSessions();
    sessions.openAtOnce = true;
    transfer(await sessions.carry());
    sessions.openAtOnce = false;
    const second = sessions.carry();
    await soon();
    sessions.openings[1]!.fail(new Error('denied'));
    await second;
    await sessions.carry();
    expect(spread(sessions)).toEqual([3]);
    expect(sessions.openings).toHaveLength(2);
    expect(sessions.dispatcher.trouble?.message).toBe('denied');
    expect(sessions.logged).toContain('another session could not be opened: denied');
  });
});

describe('a connection that the agent is stuck with', () => {
  test('is left behind: others go on, and new ones take another lane', async () => {
    const sessions = readySessions();
    await calmConnection(sessions);
    await sessions.carry();
    jest.advanceTimersByTime(4_000);
    await calmConnection(sessions);
    expect(spread(sessions)).toEqual([2, 1]);
  });

  test('is nothing to speak of once a later one was answered', async () => {
    const sessions = readySessions(1);
    await sessions.carry();
    await calmConnection(sessions);
    jest.advanceTimersByTime(20_000);
    expect(sessions.logged.filter((line) => line.includes('has had no answer'))).toEqual([]);
  });

  test('is spoken of once, where others have to wait behind it', async () => {
    const sessions = readySessions(1);
    await sessions.carry();
    jest.advanceTimersByTime(30_000);
    expect(sessions.logged.filter((line) => line.includes('has had no answer'))).toEqual([
      'a connection to the target has had no answer for 10 s: later ones in session s-1 wait behind it',
    ]);
  });
});

describe('an idle lane', () => {
  test('is ended after a minute, but for the last', async () => {
    const sessions = readySessions();
    const sockets = await Promise.all([sessions.carry(), sessions.carry()]);
    for (const socket of sockets) socket.close();
    jest.advanceTimersByTime(59_000);
    expect(sessions.carriers.map(({ closes }) => closes)).toEqual([0, 0]);
    jest.advanceTimersByTime(2_000);
    expect(sessions.carriers.filter(({ isOpen }) => isOpen)).toHaveLength(1);
  });

  test('waits for its end once, however many connections it had', async () => {
    const sessions = readySessions();
    await sessions.carry();
    for (let i = 0; i < 50; i++) (await sessions.carry()).close();
    const before = jest.getTimerCount();
    for (let i = 0; i < 50; i++) (await sessions.carry()).close();
    expect(jest.getTimerCount()).toBe(before);
  });

  test('is not ended when it was used meanwhile', async () => {
    const sessions = readySessions();
    const [first, second] = await Promise.all([sessions.carry(), sessions.carry()]);
    second!.close();
    jest.advanceTimersByTime(40_000);
    transfer(first!);
    const third = await sessions.carry();
    jest.advanceTimersByTime(30_000);
    third.close();
    jest.advanceTimersByTime(40_000);
    expect(sessions.carriers.every(({ isOpen }) => isOpen)).toBe(true);
  });
});

describe('a session that is over', () => {
  test('is followed by another on the next need, and its reason is kept until then', async () => {
    const sessions = readySessions();
    await sessions.carry();
    jest.advanceTimersByTime(10_000);
    sessions.carriers[0]!.finish('idle for too long');
    await soon();
    expect(sessions.dispatcher.trouble).toEqual({ message: 'the session ended: idle for too long' });
    expect(sessions.dispatcher.lanes.sessionIds).toEqual([]);
    await sessions.carry();
    expect(sessions.dispatcher.trouble).toBeUndefined();
    expect(sessions.dispatcher.lanes.reconnects).toBe(1);
  });

  test('is no trouble while there is another', async () => {
    const sessions = readySessions();
    await Promise.all([sessions.carry(), sessions.carry()]);
    jest.advanceTimersByTime(10_000);
    sessions.carriers[0]!.finish('idle for too long');
    await soon();
    expect(sessions.dispatcher.trouble).toBeUndefined();
    sessions.carriers[1]!.finish('idle for too long');
    await soon();
    expect(sessions.dispatcher.trouble).toEqual({ message: 'the session ended: idle for too long' });
    expect(sessions.dispatcher.isRefused).toBe(false);
  });

  test('counts what it carried for ever', async () => {
    const sessions = readySessions();
    const socket = await sessions.carry();
    [socket.bytesRead, socket.bytesWritten] = [10, 2000];
    sessions.carriers[0]!.finish('over');
    socket.close();
    await soon();
    expect(sessions.dispatcher.lanes.traffic).toEqual({ in: 2000, out: 10 });
  });

  test('whose agent is gone takes no more connections, and takes no one\'s place', async () => {
    const sessions = readySessions(1);
    await sessions.carry();
    sessions.carriers[0]!.isDeaf = true;
    await sessions.carry();
    expect(spread(sessions)).toEqual([1, 1]);
    expect(sessions.carriers[0]!.isOpen).toBe(true);
  });

  test('whose agent is gone is replaced while somebody waits in it, even if nobody else comes', async () => {
    const sessions = readySessions();
    await sessions.carry();
    sessions.carriers[0]!.isDeaf = true;
    jest.advanceTimersByTime(500);
    await eventually(() => sessions.dispatcher.lanes.sessionIds, (ids) => ids.length === 2);
    expect(sessions.openings).toHaveLength(2);
  });

  test('because its bastion was down is broken off, whoever says so', async () => {
    const sessions = new FakeSessions();
    const first = sessions.carry();
    await soon();
    const lost = sessions.openings[0]!.succeed();
    await first;
    lost.isDeaf = true;
    const second = sessions.carry();
    await soon();
    sessions.openings[1]!.succeed({ isAnew: true, instanceId: 'i-2' });
    await second;
    expect(lost.isOpen).toBe(false);
    expect(sessions.dispatcher.instanceId).toBe('i-2');
  });

  test('because its bastion was down is broken off, but not one that was opened since', async () => {
    const sessions = new FakeSessions();
    const first = sessions.carry();
    await soon();
    const lost = sessions.openings[0]!.succeed();
    await first;
    const second = sessions.carry();
    await soon();
    lost.isDeaf = true;
    const third = sessions.carry();
    await soon();
    const fresh = sessions.openings[2]!.succeed({ isAnew: true });
    await third;
    sessions.openings[1]!.succeed({ isAnew: true });
    await second;
    expect(lost.isOpen).toBe(false);
    expect(fresh.isOpen).toBe(true);
  });

  test('one that cannot be opened is tried again, later each time', async () => {
    const sessions = new FakeSessions();
    const failing = sessions.carry();
    await soon();
    sessions.openings[0]!.fail(new Error('denied'));
    await expect(failing).rejects.toThrow('denied');
    await expect(sessions.carry()).rejects.toThrow('denied');
    expect(sessions.openings).toHaveLength(1);
    sessions.dispatcher.retry();
    sessions.openAtOnce = true;
    await sessions.carry();
    expect(sessions.openings).toHaveLength(2);
  });

  test('trouble that passes is waited out by those who wait for a session', async () => {
    const sessions = new FakeSessions();
    const waiting = [sessions.carry(), sessions.carry()];
    for (let tries = 1; tries <= 4; tries++) {
      await eventually(() => sessions.openings.length, (count) => count >= tries);
      sessions.openAtOnce = tries === 3;
      if (tries < 4) sessions.openings.at(-1)!.fail(Object.assign(new Error('too many requests'), { name: 'PassingTrouble' }));
      await soon();
      jest.advanceTimersByTime(30_000);
    }
    await Promise.all(waiting);
    expect(spread(sessions)[0]).toBeGreaterThan(0);
  });
});

describe('whether AWS refuses us', () => {
  test('a session that idled out is no refusal', async () => {
    const sessions = readySessions();
    await sessions.carry();
    sessions.carriers[0]!.finish('idle for too long');
    await soon();
    expect(sessions.dispatcher.isRefused).toBe(false);
  });

  test('a session that cannot be opened is, until one can', async () => {
    const sessions = new FakeSessions();
    const failing = sessions.carry();
    await soon();
    sessions.openings[0]!.fail(new Error('denied'));
    await expect(failing).rejects.toThrow('denied');
    expect(sessions.dispatcher.isRefused).toBe(true);
    sessions.dispatcher.retry();
    sessions.openAtOnce = true;
    await sessions.carry();
    expect(sessions.dispatcher.isRefused).toBe(false);
  });

  test('a session that cannot be resumed is', async () => {
    const sessions = readySessions();
    await sessions.carry();
    sessions.carriers[0]!.trouble = 'expired';
    expect(sessions.dispatcher.isRefused).toBe(true);
  });
});

describe('a name that leads elsewhere', () => {
  /** Sessions that have been open for a while, by which time the name leads to an address. */
  async function agedSessions(before: string | undefined, seconds: number, after: string | undefined) {
    const sessions = readySessions();
    sessions.address = before;
    const socket = await calmConnection(sessions);
    sessions.address = after;
    jest.advanceTimersByTime(seconds * 1000);
    return { sessions, socket };
  }

  test.each([
    ['to another address', '10.0.0.1', 65, '10.0.0.2', [1, 1]],
    ['to the same address', '10.0.0.1', 3_600, '10.0.0.1', [2]],
    ['that is not known from here', undefined, 55, undefined, [1, 1]],
    ['to another address, so soon that the agent may have seen it', '10.0.0.1', 5, '10.0.0.2', [2]],
  ])('%s: new connections go the right way, open ones are left alone', async (_how, before, seconds, after, expected) => {
    const { sessions, socket } = await agedSessions(before, seconds, after);
    await calmConnection(sessions);
    expect(spread(sessions)).toEqual(expected);
    expect(sessions.carriers[0]!.isOpen).toBe(true);
    socket.close();
    await soon();
    expect(sessions.carriers[0]!.isOpen).toBe(expected.length === 1);
  });

  test('has another session ready before the old one is too old', async () => {
    const { sessions } = await agedSessions(undefined, 45, undefined);
    await sessions.carry();
    expect(sessions.openings).toHaveLength(2);
    expect(spread(sessions)[0]).toBe(2);
  });

  test('at random, as that of several readers does, costs a session a minute at most', async () => {
    const sessions = readySessions();
    sessions.address = '10.0.0.0';
    for (let seconds = 0; seconds < 600; seconds += 5) {
      sessions.address = `10.0.0.${seconds}`;
      await calmConnection(sessions);
      jest.advanceTimersByTime(3_000);
    }
    expect(sessions.openings.length).toBeGreaterThan(1);
    expect(sessions.openings.length).toBeLessThanOrEqual(11);
  });

  test('leaves no more sessions to the connections they have than the bastion can bear', async () => {
    const sessions = readySessions();
    for (let minute = 0; minute < 40; minute++) {
      sessions.address = `10.0.0.${minute}`;
      await calmConnection(sessions);
      jest.advanceTimersByTime(65_000);
    }
    expect(sessions.carriers.filter(({ isOpen }) => isOpen)).toHaveLength(24);
    expect(spread(sessions).reduce((sum, count) => sum + count)).toBe(40);
  });

  test('is gone on with where there is no way to get another session', async () => {
    const { sessions } = await agedSessions('10.0.0.1', 65, '10.0.0.2');
    sessions.openAtOnce = false;
    const waiting = sessions.carry();
    for (let i = 0; i < 5; i++) await soon();
    sessions.openings[1]!.fail(new Error('expired'));
    await waiting;
    expect(spread(sessions)).toEqual([2]);
    expect(sessions.dispatcher.trouble?.message).toBe('expired');
  });
});

describe('a target that has moved', () => {
  test('a session that was being opened to where it was is closed, and who waits gets one to where it is', async () => {
    const sessions = new FakeSessions();
    const waiting = sessions.carry();
    await soon();
    sessions.dispatcher.use(MOVED);
    const late = sessions.openings[0]!.succeed();
    await soon();
    expect(late.closes).toBe(1);
    expect(sessions.openings.map(({ host }) => host)).toEqual(['old.internal', 'new.internal']);
    sessions.openings[1]!.succeed();
    await waiting;
    expect(sessions.carriers[1]!.carried).toHaveLength(1);
  });

  test('an old session is kept for the connections it has, and closed after the last', async () => {
    const sessions = readySessions();
    const socket = await sessions.carry();
    sessions.dispatcher.use(MOVED);
    await sessions.carry();
    expect(sessions.carriers.map(({ host, isOpen }) => [host, isOpen])).toEqual([['old.internal', true], ['new.internal', true]]);
    socket.close();
    expect(sessions.carriers[0]!.isOpen).toBe(false);
  });

  test('nothing is measured any more when the last connection of an old session is gone', async () => {
    const sessions = readySessions();
    const socket = await sessions.carry();
    sessions.dispatcher.use(MOVED);
    socket.close();
    await soon();
    jest.advanceTimersByTime(120_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('the same way by another word changes nothing', async () => {
    const sessions = readySessions();
    await calmConnection(sessions);
    sessions.dispatcher.use({ ...TARGET, bastion: { exid: 'main' } });
    await sessions.carry();
    expect(spread(sessions)).toEqual([2]);
  });

  test('what else is known of the target by now is told, and nothing else changes', async () => {
    const sessions = readySessions();
    await calmConnection(sessions);
    const { changes } = sessions;
    sessions.dispatcher.use(TARGET);
    expect(sessions.changes).toBe(changes);
    sessions.dispatcher.use({ ...TARGET, database: 'another' });
    expect(sessions.changes).toBe(changes + 1);
    await sessions.carry();
    expect(spread(sessions)).toEqual([2]);
  });
});

test('when it closes, what opens is stopped and what is open is closed', async () => {
  const sessions = new FakeSessions();
  const opened = sessions.dispatcher.open(FAR);
  await soon();
  const carrier = sessions.openings[0]!.succeed();
  await opened;
  sessions.dispatcher.use(MOVED);
  const opening = sessions.carry();
  await soon();
  const closing = sessions.dispatcher.close('asked to');
  await expect(opening).rejects.toMatchObject({ code: 'SESSION_FAILED', message: 'the tunnel was closed (asked to)' });
  await closing;
  expect(carrier.closes).toBeGreaterThan(0);
  expect(sessions.openings[1]!.signal.aborted).toBe(true);
});

test('when it closes, sessions that are open do not wait for one that is being opened', async () => {
  const sessions = readySessions();
  transfer(await sessions.carry());
  sessions.openAtOnce = false;
  const second = sessions.carry();
  await soon();
  void sessions.dispatcher.close('asked to');
  expect(sessions.carriers[0]!.isOpen).toBe(false);
  await second.catch(() => undefined);
});
