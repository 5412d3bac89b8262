import { Heartbeat } from '../../../src/session/connection/heartbeat';
import { FakeClock } from '../fake-clock';

function start(answer: (heartbeat: Heartbeat, clock: FakeClock) => void = () => {}) {
  const clock = new FakeClock();
  const missed = jest.fn();
  const ping = jest.fn(() => answer(heartbeat, clock));
  const heartbeat: Heartbeat = new Heartbeat(ping, missed, clock);
  return { clock, heartbeat, missed, ping };
}

test('notices silence within 30 seconds', () => {
  const { clock, missed } = start();
  clock.advance(30_000);
  expect(missed).toHaveBeenCalledTimes(1);
});

test('anything that comes is an answer', () => {
  const { clock, heartbeat, missed, ping } = start((self, its) => void its.after(7_000, () => self.heard()));
  clock.advance(10 * 60_000);
  expect(ping).toHaveBeenCalledTimes(30);
  expect(missed).not.toHaveBeenCalled();
  heartbeat.stop();
  clock.advance(60_000);
  expect(ping).toHaveBeenCalledTimes(30);
  expect(clock.waits).toBe(0);
});

test('whoever lets one silence pass hears of the next', () => {
  const { clock, missed } = start();
  clock.advance(70_000);
  expect(missed).toHaveBeenCalledTimes(3);
});

test('asked out of turn, it does not wait for long', () => {
  const { clock, heartbeat, missed, ping } = start();
  clock.advance(21_000);
  heartbeat.askNow();
  expect(ping).toHaveBeenCalledTimes(2);
  clock.advance(4_999);
  expect(missed).not.toHaveBeenCalled();
  clock.advance(1);
  expect(missed).toHaveBeenCalledTimes(1);
});

test('a deadline that passed while the machine slept is none: it asks again', () => {
  const { clock, missed, ping } = start();
  clock.advance(21_000);
  clock.sleepThrough(60 * 60_000);
  clock.advance(7_000);
  expect(missed).not.toHaveBeenCalled();
  expect(ping).toHaveBeenCalledTimes(2);
  clock.advance(5_000);
  expect(missed).toHaveBeenCalledTimes(1);
});
