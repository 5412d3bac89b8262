/** So many packets may leave at once after a rest; timers that fire late are made up for within the second number. */
const BURST_PACKETS = 20;
const BURST_SECONDS = 0.02;

/** A token bucket: how fast packets may leave. */
export class Pace {
  private readonly burst: number;
  private tokens: number;
  private filledAt = 0;

  /** @param perSecond Infinity for no limit */
  constructor(private readonly perSecond: number) {
    this.burst = Math.max(BURST_PACKETS, perSecond * BURST_SECONDS);
    this.tokens = this.burst;
  }

  /** Milliseconds until the next new packet may leave: 0 is now. */
  delay(now: number): number {
    this.fill(now);
    return this.tokens >= 1 ? 0 : ((1 - this.tokens) * 1000) / this.perSecond;
  }

  /** Whether a repeated packet may leave. It may run into debt, which new packets then wait for: it goes before them. */
  allowsRepeat(now: number): boolean {
    this.fill(now);
    return this.tokens > -this.burst;
  }

  spend(): void {
    this.tokens -= 1;
  }

  private fill(now: number): void {
    if (this.perSecond === Infinity) return;
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) * this.perSecond) / 1000);
    this.filledAt = now;
  }
}
