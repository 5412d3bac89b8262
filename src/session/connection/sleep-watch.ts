import type { Clock } from '../clock';

const INTERVAL = 5_000;
/** A busy machine may be late by this much without having slept. */
const TOLERANCE = 10_000;

/** Notices that the machine, or this process, has slept: the calendar went on, and no timer fired. */
export class SleepWatch {
  private lookedAt: number;
  private readonly stopLooking: () => void;

  constructor(private readonly clock: Clock, private readonly woke: () => void) {
    this.lookedAt = clock.wallClock();
    this.stopLooking = clock.every(INTERVAL, () => this.look());
  }

  /** Looks now, for whoever cannot wait until the next look. */
  look(): void {
    const now = this.clock.wallClock();
    const since = now - this.lookedAt;
    this.lookedAt = now;
    if (since > INTERVAL + TOLERANCE) this.woke();
  }

  stop(): void {
    this.stopLooking();
  }
}
