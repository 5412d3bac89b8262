import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks again and again until something is as it should be.
 * @throws what the last look threw, or an error that shows what it gave
 */
export async function eventually<T>(look: () => T | Promise<T>, isRight: (got: T) => boolean, seconds = 15): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const got = await look();
    if (isRight(got)) return got;
    if (Date.now() > end) throw new Error(`not within ${seconds} s; at last it was ${JSON.stringify(got)}`);
    await sleep(25);
  }
}
