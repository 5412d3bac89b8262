import { Refusals } from '../../../src/tunnel/peers/refusals';

const MINUTE = 60_000;
let said: string[];
let refusals: Refusals;
beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  refusals = new Refusals({ warn: (message) => said.push(message) });
});
afterEach(() => jest.useRealTimers());

test('the first refusal is said at once, the others of a minute as a number, for each reason', () => {
  for (let count = 0; count < 100; count++) refusals.add('uid 1');
  refusals.add('uid 2');
  expect(said).toEqual(['a connection was refused: uid 1', 'a connection was refused: uid 2']);
  jest.advanceTimersByTime(MINUTE);
  expect(said.slice(2)).toEqual(['99 more connections were refused: uid 1']);
});

test('there is never more than a line a minute, and none where nothing happened', () => {
  refusals.add('uid 1');
  refusals.add('uid 1');
  jest.advanceTimersByTime(MINUTE);
  refusals.add('uid 1');
  expect(said).toHaveLength(2);
  jest.advanceTimersByTime(MINUTE);
  expect(said[2]).toBe('1 more connection was refused: uid 1');
  jest.advanceTimersByTime(10 * MINUTE);
  expect(said).toHaveLength(3);
  expect(jest.getTimerCount()).toBe(0);
  refusals.add('uid 1');
  expect(said[3]).toBe('a connection was refused: uid 1');
});
