const INTERVAL = 20_000;
const DEADLINE = 8_000;

/** Asks the far end at intervals whether it is there, and says so when it does not answer. */
export class Heartbeat {
  private readonly interval: NodeJS.Timeout;
  private deadline?: NodeJS.Timeout;

  /** @param times milliseconds between questions, and to wait for an answer */
  constructor(ping: () => void, missed: () => void, times = { interval: INTERVAL, deadline: DEADLINE }) {
    this.interval = setInterval(() => {
      ping();
      this.deadline ??= setTimeout(missed, times.deadline).unref();
    }, times.interval).unref();
  }

  /** Anything at all came from the far end. */
  heard(): void {
    if (this.deadline === undefined) return;
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  stop(): void {
    clearInterval(this.interval);
    clearTimeout(this.deadline);
  }
}
