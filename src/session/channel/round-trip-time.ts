const INITIAL_SMOOTHED = 100;
const INITIAL_TIMEOUT = 200;
const MAX_TIMEOUT = 1_000;
/** Under this, a machine that is busy for a moment would have everything sent twice. */
const MIN_VARIANCE = 50;

/** How long an acknowledgement takes, smoothed as TCP does it. All in milliseconds. */
export class RoundTripTime {
  private smoothed = INITIAL_SMOOTHED;
  private variance = 0;
  /** How long to wait for an acknowledgement before a message is sent again. */
  timeout = INITIAL_TIMEOUT;

  /** Takes the time from the last sending of a message to its acknowledgement. */
  sample(elapsed: number): void {
    this.variance = 0.75 * this.variance + 0.25 * Math.abs(this.smoothed - elapsed);
    this.smoothed = 0.875 * this.smoothed + 0.125 * elapsed;
    this.timeout = Math.min(MAX_TIMEOUT, this.smoothed + Math.max(MIN_VARIANCE, 4 * this.variance));
  }

  /** A time-out passed. Without this, a path slower than the time-out would only ever give samples that are too short. */
  backOff(): void {
    this.timeout = Math.min(MAX_TIMEOUT, 2 * this.timeout);
  }
}
