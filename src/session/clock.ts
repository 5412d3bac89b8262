import { setTimeout as timeout } from 'node:timers/promises';

/** Time as a session sees it, in milliseconds. None of what waits keeps the process alive. */
export interface Clock {
  /** Runs on evenly; may stand still while the machine sleeps. */
  now(): number;
  /** The calendar's time: goes on while the machine sleeps, and jumps when somebody sets it. */
  wallClock(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** @returns what calls it off */
  after(milliseconds: number, act: () => void): () => void;
  /** @returns what ends it */
  every(milliseconds: number, act: () => void): () => void;
}

export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  sleep: (milliseconds, signal) => timeout(milliseconds, undefined, { ref: false, signal }),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every: (milliseconds, act) => {
    const timer = setInterval(act, milliseconds).unref();
    return () => clearInterval(timer);
  },
};
