import { StartGate } from '../../../../src/tunnel/worker/lanes/start-gate';

const THROTTLED = Object.assign(new Error('too many requests'), { name: 'PassingTrouble' });
const DENIED = new Error('denied');
const MINUTE = 60_000;

beforeEach(() => { jest.useFakeTimers(); });
afterEach(() => { jest.useRealTimers(); });

/** How many sessions are asked for in a minute by somebody who asks whenever the gate is open, and is refused each time. */
function triesInAMinute(gate: StartGate, error: Error): number {
  let tries = 0;
  for (const begin = performance.now(); performance.now() - begin < MINUTE; jest.advanceTimersByTime(Math.max(1, Math.ceil(gate.closedFor)))) {
    tries++;
    gate.failed(error);
  }
  return tries;
}

test('it is open at first', () => {
  expect(new StartGate().closedFor).toBe(0);
});

test.each([
  ['what passes by itself', THROTTLED, 12, 5],
  ['what does not, and may be mended by somebody', DENIED, 30, 15],
])('%s is asked for seldom, however many want it', (_what, error, first, later) => {
  const gate = new StartGate();
  expect(triesInAMinute(gate, error)).toBeLessThanOrEqual(first);
  expect(triesInAMinute(gate, error)).toBeLessThanOrEqual(later + 10);
  expect(triesInAMinute(gate, error)).toBeGreaterThan(1);
});

test('it is worth waiting for what passes by itself only', () => {
  const gate = new StartGate();
  gate.failed(THROTTLED);
  expect(gate.isWorthWaiting).toBe(true);
  gate.failed(DENIED);
  expect(gate.isWorthWaiting).toBe(false);
});

test('sessions that end as soon as they are open are a failure, others are none', () => {
  const gate = new StartGate();
  gate.ended(100);
  expect(gate.closedFor).toBeGreaterThan(0);
  gate.ended(MINUTE);
  expect(gate.closedFor).toBe(0);
});

test('sessions that end together are one failure', () => {
  const gate = new StartGate();
  for (let i = 0; i < 20; i++) gate.ended(100);
  expect(gate.closedFor).toBeLessThan(1_000);
});

test('it opens before its time when there is a reason', () => {
  const gate = new StartGate();
  triesInAMinute(gate, THROTTLED);
  gate.failed(THROTTLED);
  expect(gate.closedFor).toBeGreaterThan(5_000);
  gate.reset();
  expect(gate.closedFor).toBe(0);
  gate.failed(THROTTLED);
  expect(gate.closedFor).toBeLessThan(1_000);
});

test('gates that were shut together do not open together', () => {
  const pauses = Array.from({ length: 20 }, () => {
    const gate = new StartGate();
    gate.failed(THROTTLED);
    return Math.round(gate.closedFor);
  });
  expect(new Set(pauses).size).toBeGreaterThan(5);
});
