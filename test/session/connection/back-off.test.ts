import { BackOff } from '../../../src/session/connection/back-off';
import { FakeClock } from '../fake-clock';

function start() {
  const clock = new FakeClock();
  return { clock, backOff: new BackOff(clock) };
}

function tryOnce({ clock, backOff }: ReturnType<typeof start>): number {
  const pause = backOff.pause();
  clock.advance(pause);
  backOff.tried();
  return pause;
}

test('the first try is made at once; the pauses between failures double up to 15 s, and are scattered', () => {
  const own = start();
  expect(tryOnce(own)).toBe(0);
  for (let failures = 1; failures <= 20; failures++) {
    const doubled = Math.min(15_000, 200 * 2 ** (failures - 1));
    own.backOff.failed();
    // So long a rest earns the next try: only the failures count.
    own.clock.advance(60_000);
    const pause = tryOnce(own);
    expect(pause).toBeGreaterThanOrEqual(doubled / 2);
    expect(pause).toBeLessThanOrEqual(doubled);
  }
});

test('many that fail together do not come back together', () => {
  const pauses = Array.from({ length: 50 }, () => {
    const { backOff } = start();
    for (let failures = 0; failures < 10; failures++) backOff.failed();
    return Math.round(backOff.pause() / 500);
  });
  expect(new Set(pauses).size).toBeGreaterThan(5);
});

test('success after success, each lost at once, is no more than 16 tries in any minute and 12 after the first six', () => {
  const own = start();
  const at: number[] = [];
  while (own.clock.now() < 60 * 60_000) {
    tryOnce(own);
    at.push(own.clock.now());
    own.backOff.succeeded();
  }
  const within = (from: number) => at.filter((time) => time >= from && time < from + 60_000).length;
  expect(Math.max(...at.map(within))).toBeLessThanOrEqual(16);
  expect(Math.max(...at.slice(6).map(within))).toBeLessThanOrEqual(12);
});

test('what will go on failing is tried again in 7 to 15 s', () => {
  const own = start();
  own.backOff.failedForLong();
  expect(own.backOff.pause()).toBeGreaterThanOrEqual(7_500);
  expect(own.backOff.pause()).toBeLessThanOrEqual(15_000);
  own.backOff.succeeded();
  expect(own.backOff.pause()).toBe(0);
});

test.each([[1_000, 1_000], [90_000, 90_000], [24 * 60 * 60_000, 120_000]])('a service that asks to wait %i ms is given %i', (wish, given) => {
  const { backOff } = start();
  backOff.failed(wish);
  expect(backOff.pause()).toBe(given);
});

test('new hope ends the wait, for one try', () => {
  const own = start();
  for (let failures = 0; failures < 10; failures++) {
    tryOnce(own);
    own.backOff.failed(60_000);
  }
  own.backOff.hurry();
  expect(tryOnce(own)).toBe(0);
  own.backOff.failed();
  expect(own.backOff.pause()).toBeGreaterThan(0);
});
