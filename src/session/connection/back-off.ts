import type { Clock } from '../clock';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 15_000;
/** So many tries may follow each other at once after a calm; then one more is earned in each interval. This bounds calls, whatever goes wrong. */
const TRIES_AT_ONCE = 6;
const TRY_INTERVAL = 6_000;
/** The longest that a service may ask us to wait. */
const LONGEST_RETRY_AFTER = 2 * 60_000;

/** How long to wait before a session is resumed. All in milliseconds. */
export class BackOff {
  private failures = 0;
  private credit = TRIES_AT_ONCE;
  private earnedAt: number;
  private notBefore = -Infinity;
  private isUrgent = false;

  constructor(private readonly clock: Clock) {
    this.earnedAt = clock.now();
  }

  /**
   * None at first: what the agent sends meanwhile may be lost, and it repeats one message in 100 ms.
   * Then it doubles, and is scattered, so that many sessions that were cut together do not come back together.
   */
  pause(): number {
    if (this.isUrgent) return 0;
    const doubled = this.failures === 0 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.failures - 1));
    return Math.max(scattered(doubled, 0.5), scattered(this.untilEarned(), 1), this.notBefore - this.clock.now());
  }

  /** The wait is over, and a try begins. */
  tried(): void {
    this.untilEarned();
    this.credit -= 1;
    this.isUrgent = false;
  }

  /** @param retryAfter how long the service asks us to stay away */
  failed(retryAfter = 0): void {
    this.failures++;
    this.notBefore = this.clock.now() + Math.min(retryAfter, LONGEST_RETRY_AFTER);
  }

  /** It failed, and will most likely go on failing: no need to hurry. */
  failedForLong(): void {
    this.failures = Infinity;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** The next try is worth making at once, and what happened before says nothing any more. */
  hurry(): void {
    this.failures = 0;
    this.isUrgent = true;
  }

  private untilEarned(): number {
    const now = this.clock.now();
    this.credit = Math.min(TRIES_AT_ONCE, this.credit + (now - this.earnedAt) / TRY_INTERVAL);
    this.earnedAt = now;
    return Math.max(0, 1 - this.credit) * TRY_INTERVAL;
  }
}

/** From so much of it, at least, to half of it more. */
function scattered(milliseconds: number, least: number): number {
  return milliseconds * (least + Math.random() / 2);
}
