import type { AgentTiming } from './timing';

/** The agent's estimate of the round trip, from which its retransmission time-out follows. No back-off, no Karn's rule. */
export class RoundTrip {
  /** Milliseconds. */
  timeout: number;
  private smoothed: number;
  private variation = 0;

  constructor(private readonly timing: AgentTiming) {
    this.smoothed = timing.initialRoundTrip;
    this.timeout = timing.initialTimeout;
  }

  sample(milliseconds: number): void {
    this.variation = 0.75 * this.variation + 0.25 * Math.abs(this.smoothed - milliseconds);
    this.smoothed = 0.875 * this.smoothed + 0.125 * milliseconds;
    this.timeout = Math.min(this.timing.maximumTimeout, this.smoothed + Math.max(this.timing.minimumVariation, 4 * this.variation));
  }
}
