const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;
/** What cannot pass by itself is looked at more often: somebody may just have logged in again. */
const LONGEST_PAUSE_OF_FAILURE = 5_000;
/** A session that ended as soon is a failure too. */
const SOON = 5_000;

/** Sees to it that sessions which cannot be started, or do not last, are not asked for without end. All in milliseconds. */
export class StartGate {
  private pause = 0;
  private opensAt = 0;
  /** What failed will pass by itself. */
  private passes = false;

  /** How long it is until the next session may be asked for. */
  get closedFor(): number {
    return Math.max(0, this.opensAt - performance.now());
  }

  /** Whether it is worth waiting for it to open. */
  get isWorthWaiting(): boolean {
    return this.passes;
  }

  failed(error: unknown): void {
    this.passes = error instanceof Error && error.name === 'PassingTrouble';
    this.shut(this.passes ? LONGEST_PAUSE : LONGEST_PAUSE_OF_FAILURE);
  }

  /** A session ended by itself. @param age how long it had been open */
  ended(age: number): void {
    this.passes = true;
    if (age < SOON) this.shut(LONGEST_PAUSE);
    else this.reset();
  }

  /** There is a reason to believe that it works now. */
  reset(): void {
    this.pause = 0;
    this.opensAt = 0;
  }

  /** Each pause is twice as long as the one before, and scattered: many tunnels may have been refused at once. */
  private shut(longest: number): void {
    // Those that were lost together are one failure.
    if (this.closedFor > 0) return;
    this.pause = Math.min(longest, Math.max(FIRST_PAUSE, this.pause * 2));
    this.opensAt = performance.now() + this.pause * (0.5 + Math.random() / 2);
  }
}
