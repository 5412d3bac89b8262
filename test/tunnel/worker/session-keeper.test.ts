import { setImmediate as soon } from 'node:timers/promises';
import type { Carrier } from '../../../src/tunnel/transport/carrier';
import type { ResolvedTarget } from '../../../src/tunnel/tunnel';
import { SessionKeeper } from '../../../src/tunnel/worker/session-keeper';
import { TARGET } from '../some-target';

const MOVED: ResolvedTarget = { ...TARGET, host: 'new.internal' };

class FakeCarrier implements Carrier {
  isOpen = true;
  openStreams = 0;
  closes = 0;
  readonly ended: Promise<{ reason: string }>;
  private end!: (end: { reason: string }) => void;

  constructor(readonly id: string, readonly host: string) {
    this.ended = new Promise((resolve) => { this.end = resolve; });
  }

  forward(): void {
    this.openStreams++;
  }

  async close(): Promise<void> {
    this.closes++;
    this.finish('closed');
  }

  finish(reason: string): void {
    this.isOpen = false;
    this.end({ reason });
  }
}

/** A keeper whose sessions open when the test says so. */
function keeperOf() {
  const openings: { host: string; signal: AbortSignal; succeed(): FakeCarrier; fail(error: Error): void }[] = [];
  let changes = 0;
  const quiet = () => undefined;
  const keeper = new SessionKeeper({
    target: TARGET,
    instanceId: 'i-1',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    changed: () => { changes++; },
    open: async (target, instanceId, _deadline, signal) => new Promise((resolve, reject) => {
      const { host } = target;
      openings.push({
        host,
        signal,
        succeed() {
          const carrier = new FakeCarrier(`s-${openings.length}`, host);
          resolve({ carrier, instanceId });
          return carrier;
        },
        fail: reject,
      });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }),
  });
  return { keeper, openings, changes: () => changes };
}

test('all who wait for a session get the same one', async () => {
  const { keeper, openings } = keeperOf();
  const waiting = [keeper.carrier(), keeper.carrier(), keeper.carrier()];
  const carrier = openings[0]!.succeed();
  expect(await Promise.all(waiting)).toEqual([carrier, carrier, carrier]);
  expect(openings).toHaveLength(1);
  expect(keeper.sessionIds).toEqual(['s-1']);
});

test('a session that ended is followed by another on the next need, and its reason is kept until then', async () => {
  const { keeper, openings } = keeperOf();
  void keeper.carrier();
  const first = openings[0]!.succeed();
  await soon();
  first.finish('idle for too long');
  await soon();
  expect(keeper.lastError).toBe('the session ended: idle for too long');
  expect(keeper.sessionIds).toEqual([]);
  const next = keeper.carrier();
  const second = openings[1]!.succeed();
  expect(await next).toBe(second);
  expect(keeper.lastError).toBeUndefined();
});

test('one that cannot be opened is tried again on the next need', async () => {
  const { keeper, openings } = keeperOf();
  const failing = keeper.carrier();
  openings[0]!.fail(new Error('denied'));
  await expect(failing).rejects.toThrow('denied');
  expect(keeper.lastError).toBe('denied');
  const next = keeper.carrier();
  openings[1]!.succeed();
  await next;
});

test('a session that was being opened to where the target no longer is is closed, and who waits gets one to where it is', async () => {
  const { keeper, openings } = keeperOf();
  const waiting = keeper.carrier();
  keeper.use(MOVED);
  const late = openings[0]!.succeed();
  await soon();
  expect(late.closes).toBe(1);
  expect(openings.map(({ host }) => host)).toEqual(['old.internal', 'new.internal']);
  const right = openings[1]!.succeed();
  expect(await waiting).toBe(right);
});

test('an old session is kept for the connections it has, and closed after the last', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const { keeper, openings } = keeperOf();
    void keeper.carrier();
    const old = openings[0]!.succeed();
    await soon();
    old.forward();
    keeper.use(MOVED);
    jest.advanceTimersByTime(10_000);
    expect(old.closes).toBe(0);
    old.openStreams = 0;
    jest.advanceTimersByTime(2_000);
    expect(old.closes).toBeGreaterThan(0);
  } finally {
    jest.useRealTimers();
  }
});

test('the same way by another word changes nothing', async () => {
  const { keeper, openings } = keeperOf();
  void keeper.carrier();
  const carrier = openings[0]!.succeed();
  await soon();
  keeper.use({ ...TARGET, bastion: { exid: 'main' } });
  expect(await keeper.carrier()).toBe(carrier);
});

test('when it closes, what opens is stopped and what is open is closed', async () => {
  const { keeper, openings } = keeperOf();
  void keeper.carrier();
  const carrier = openings[0]!.succeed();
  await soon();
  keeper.use(MOVED);
  const opening = keeper.carrier();
  const closing = keeper.close('asked to');
  await expect(opening).rejects.toMatchObject({ code: 'SESSION_FAILED', message: 'the tunnel was closed (asked to)' });
  await closing;
  expect(carrier.closes).toBeGreaterThan(0);
  expect(openings[1]!.signal.aborted).toBe(true);
});
