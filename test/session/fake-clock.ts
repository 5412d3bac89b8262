import type { Clock } from '../../src/session/clock';
import { soon } from './soon';

interface Timer {
  due: number;
  readonly interval?: number;
  readonly act: () => void;
}

/** Time that passes when a test says so. What the network does takes real time meanwhile. */
export class FakeClock implements Clock {
  private time = 0;
  /** By how much the calendar is ahead: the machine has slept. */
  private ahead = Date.parse('2026-11-21T09:00:00Z');
  private readonly timers = new Set<Timer>();
  private readonly sleepers = new Set<Timer>();

  now = (): number => this.time;

  wallClock = (): number => this.time + this.ahead;

  sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (milliseconds <= 0) return;
    await new Promise<void>((resolve, reject) => {
      const wake = (settle: () => void): void => {
        this.timers.delete(timer);
        this.sleepers.delete(timer);
        settle();
      };
      const timer: Timer = { due: this.time + milliseconds, act: () => wake(resolve) };
      signal.addEventListener('abort', () => wake(() => reject(signal.reason)), { once: true });
      this.timers.add(timer);
      this.sleepers.add(timer);
    });
  };

  after = (milliseconds: number, act: () => void): (() => void) => this.add({ due: this.time + milliseconds, act });

  every = (interval: number, act: () => void): (() => void) => this.add({ due: this.time + interval, interval, act });

  get waits(): number {
    return this.timers.size;
  }

  /** Whether somebody pauses, and does not act in real time. */
  get isPausing(): boolean {
    return this.sleepers.size > 0;
  }

  /** Lets time pass; whatever is due meanwhile acts in turn. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.time = next.due;
      if (next.interval === undefined) this.timers.delete(next);
      else next.due += next.interval;
      next.act();
    }
    this.time = end;
  }

  /** The machine sleeps: the calendar goes on, and nothing else does. */
  sleepThrough(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  /** Lets time pass from pause to pause, so that what is done between them does not seem to take any, until it is over or so much has passed. */
  async advanceThroughPauses(milliseconds: number, isOver: () => boolean = () => false): Promise<void> {
    const end = this.time + milliseconds;
    while (this.time < end) {
      await soon(() => isOver() || this.isPausing);
      if (isOver()) return;
      const pause = Math.min(...[...this.sleepers].map(({ due }) => due));
      this.advance(Math.min(pause, end) - this.time);
    }
  }

  private add(timer: Timer): () => void {
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  private next(end: number): Timer | undefined {
    return [...this.timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}
