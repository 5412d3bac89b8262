import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every few milliseconds, for what has no event to wait for. @throws when it is not so within so many seconds */
export async function soon(isSo: () => boolean, seconds = 20): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !isSo();) {
    if (performance.now() > end) throw new Error(`not so within ${seconds} s: ${isSo.toString()}`);
    await sleep(2);
  }
}
