import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileProblem } from '../store/file-problem';
import { lockName } from './lock-name';
import type { LockRequest, Release } from './index';

/** Of macOS, which locks a file as it opens it; Node does not name it. */
const O_EXLOCK = 0x20;
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK | O_EXLOCK;
const LOOK_EVERY = 50;

/** macOS has no addresses that die with their process: there the lock is one on a file, which stays behind, empty. */
export async function acquireFileLock({ dir, key, signal, onWait }: LockRequest): Promise<Release> {
  const path = join(dir, `${lockName(dir, key)}.lock`);
  for (let tell = onWait; ; tell = undefined) {
    signal?.throwIfAborted();
    const file = await tryOpen(path);
    if (file) {
      let released: Promise<void> | undefined;
      return () => released ??= file.close();
    }
    tell?.({});
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

async function tryOpen(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, FLAGS, 0o600);
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK'].includes((error as NodeJS.ErrnoException).code!)) return undefined;
    throw fileProblem(`the lock ${path}`, 'made', error);
  }
}
