const WINDOW_MILLISECONDS = 1000;
/** Windows in a row that may be over the limit before something is done. */
const PATIENCE = 2;

/** Notices when more messages a second come than the limit, and go on coming. */
export class PacketLimiter {
  private windowStart = 0;
  private count = 0;
  private over = 0;

  /** Counts a message. True when the limit has been passed for too long; the count starts again then. */
  exceeds(limit: number, now = performance.now()): boolean {
    if (now - this.windowStart >= WINDOW_MILLISECONDS) {
      this.over = this.count > limit ? this.over + 1 : 0;
      this.windowStart = now;
      this.count = 0;
    }
    this.count++;
    if (limit === 0 || this.over < PATIENCE) return false;
    this.over = 0;
    return true;
  }
}
