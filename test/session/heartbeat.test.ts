import { Heartbeat } from '../../src/session/heartbeat';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('notices silence within 30 seconds', () => {
  const missed = jest.fn();
  const heartbeat = new Heartbeat(() => {}, missed);
  jest.advanceTimersByTime(30_000);
  expect(missed).toHaveBeenCalledTimes(1);
  heartbeat.stop();
});

test('anything that comes is an answer', () => {
  const missed = jest.fn();
  const ping = jest.fn(() => { setTimeout(() => heartbeat.heard(), 7_000); });
  const heartbeat = new Heartbeat(ping, missed);
  jest.advanceTimersByTime(10 * 60_000);
  expect(ping).toHaveBeenCalledTimes(30);
  expect(missed).not.toHaveBeenCalled();
  heartbeat.stop();
  jest.advanceTimersByTime(60_000);
  expect(jest.getTimerCount()).toBe(0);
});
