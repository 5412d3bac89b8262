import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds: on some disks nobody is told what changes. */
const LOOK_EVERY = 1_000;
/** Milliseconds: several changes are one, and what is being written is written by then. */
const SETTLED_AFTER = 50;

/** Says that something in a folder may have changed. */
export class FolderWatch {
  private readonly ending = new AbortController();
  private changed?: () => void;

  constructor(folder: string) {
    try {
      const watcher = watch(folder, () => this.changed?.()).on('error', () => undefined);
      this.ending.signal.addEventListener('abort', () => watcher.close());
    } catch {
      // A kernel that watches nothing more for us: one looks again and again.
    }
  }

  /** Until it is worth looking, or the signal fires. Never rejects. */
  async change(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const change = new Promise<void>((resolve) => { this.changed = resolve; });
    const until = AbortSignal.any([signal, over.signal]);
    await Promise.race([change, sleep(LOOK_EVERY, undefined, { signal: until }).catch(() => undefined)]);
    over.abort();
    await sleep(SETTLED_AFTER, undefined, { signal }).catch(() => undefined);
  }

  end(): void {
    this.ending.abort();
  }
}
