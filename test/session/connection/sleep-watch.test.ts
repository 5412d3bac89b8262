import { SleepWatch } from '../../../src/session/connection/sleep-watch';
import { FakeClock } from '../fake-clock';

function start() {
  const clock = new FakeClock();
  const woke = jest.fn();
  return { clock, woke, watch: new SleepWatch(clock, woke) };
}

test('notices a sleep within 5 seconds of waking, once', () => {
  const { clock, woke } = start();
  clock.advance(59_000);
  clock.sleepThrough(60 * 60_000);
  clock.advance(5_000);
  expect(woke).toHaveBeenCalledTimes(1);
  clock.advance(60 * 60_000);
  expect(woke).toHaveBeenCalledTimes(1);
});

test('notices it at once when it is asked to look', () => {
  const { clock, woke, watch } = start();
  clock.sleepThrough(60_000);
  watch.look();
  expect(woke).toHaveBeenCalledTimes(1);
});

test.each([['a machine that is busy for seconds', 9_000], ['a calendar that is set back', -60 * 60_000]])('%s is no sleep', (_, jump) => {
  const { clock, woke } = start();
  clock.advance(4_000);
  clock.sleepThrough(jump);
  clock.advance(60_000);
  expect(woke).not.toHaveBeenCalled();
});

test('leaves no timer', () => {
  const { clock, watch } = start();
  watch.stop();
  expect(clock.waits).toBe(0);
});
