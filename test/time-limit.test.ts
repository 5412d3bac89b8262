import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { timeLimit } from '../src/time-limit';
import { Deadline } from '../src/tunnel/opening/deadline';
import { unlessAborted } from '../src/unless-aborted';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Milliseconds. */
const LIMIT = 200;
const LATER = 20 * LIMIT;

async function collectMeanwhile(): Promise<void> {
  await sleep(LIMIT / 4);
  collectGarbage();
  collectGarbage();
}

const WAYS: Record<string, () => AbortSignal> = {
  'alone': () => timeLimit(LIMIT),
  'among others': () => AbortSignal.any([new AbortController().signal, timeLimit(LIMIT)]),
  'among others, which are among others': () => AbortSignal.any([AbortSignal.any([timeLimit(LIMIT), new AbortController().signal]), new AbortController().signal]),
  'as a deadline': () => new Deadline(LIMIT).signal,
  'as a deadline that something else may stop too': () => new Deadline(LIMIT).orWhen(new AbortController().signal).signal,
};

test.each(Object.keys(WAYS))('is over in time, though garbage is collected meanwhile: %s', async (way) => {
  const signal = WAYS[way]!();
  const [reason] = await Promise.all([unlessAborted(sleep(LATER, 'not over'), signal).catch((error: Error) => error.name), collectMeanwhile()]);
  expect(reason).toBe('TimeoutError');
  expect(signal.aborted).toBe(true);
});

test('nobody has to wait for it to be over', async () => {
  const signal = AbortSignal.any([new AbortController().signal, timeLimit(LIMIT)]);
  await collectMeanwhile();
  await sleep(2 * LIMIT);
  expect(signal.aborted).toBe(true);
});
