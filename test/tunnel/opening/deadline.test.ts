import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../src/problem';
import { Deadline } from '../../../src/tunnel/opening/deadline';

const never = async (): Promise<never> => new Promise(() => undefined);

test('gives what the work gives', async () => {
  expect(await new Deadline(1000).race(Promise.resolve(42), 'SESSION_FAILED', 'counting')).toBe(42);
});

test('fails as the work fails', async () => {
  await expect(new Deadline(1000).race(Promise.reject(new Error('no')), 'SESSION_FAILED', 'counting')).rejects.toThrow('no');
});

test('fails with the code and what it was doing when the time is over', async () => {
  await expect(new Deadline(20).race(never(), 'BASTION_DOWN', 'counting')).rejects.toMatchObject({ code: 'BASTION_DOWN', message: expect.stringContaining('counting') });
});

test('says the same where the work gives up first, by the same signal', async () => {
  const deadline = new Deadline(20);
  const work = sleep(1000, undefined, { signal: deadline.signal });
  await expect(deadline.race(work, 'BASTION_DOWN', 'counting')).rejects.toBeInstanceOf(Problem);
});

test('fails for the reason of an interruption, before and while it waits, and of another that it is told of', async () => {
  const interruption = new AbortController();
  const deadline = new Deadline(10_000, interruption.signal);
  const worker = new AbortController();
  const other = deadline.orWhen(worker.signal).race(never(), 'BASTION_DOWN', 'counting');
  worker.abort(new Error('died'));
  await expect(other).rejects.toThrow('died');
  const waiting = deadline.race(never(), 'BASTION_DOWN', 'counting');
  interruption.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(deadline.race(never(), 'BASTION_DOWN', 'counting')).rejects.toThrow('enough');
  await expect(deadline.unlessInterrupted(Promise.reject(new Error('something else')))).rejects.toThrow('enough');
});
