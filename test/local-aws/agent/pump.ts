import type { AgentTiming } from './timing';

/** How far behind its pace a pump may fall and still catch up, in milliseconds. */
const CATCH_UP = 20;
/** Chunks more than one that a timer may send which fired late: the real agent sleeps in a thread of its own, this one on a shared event loop. */
const OWED = 1;

export interface PumpOptions {
  readonly timing: AgentTiming;
  /** Whether there is something to send. */
  readonly waiting: () => boolean;
  /** Whether it may be sent now. */
  readonly ready: () => boolean;
  readonly sendChunk: () => void;
}

/** Sends a chunk, sleeps, sends the next: the sleep is the ceiling of the real agent. On average no chunk takes less than pace and overhead. */
export class Pump {
  private due = 0;
  private timer?: NodeJS.Timeout;
  private immediate?: NodeJS.Immediate;
  private readonly interval: number;

  constructor(private readonly options: PumpOptions) {
    this.interval = options.timing.pace + options.timing.overhead;
  }

  /** Says that there may be something to send. */
  wake(): void {
    if (this.timer || this.immediate) return;
    this.due = Math.max(this.due, performance.now());
    this.immediate = setImmediate(() => this.run());
  }

  close(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }

  private run(): void {
    this.timer = this.immediate = undefined;
    const { timing, waiting, ready, sendChunk } = this.options;
    const now = performance.now();
    this.due = Math.max(this.due, now - CATCH_UP);
    for (let left = timing.scale + OWED; left > 0 && this.due <= now && waiting() && ready(); left--) {
      sendChunk();
      this.due += this.interval;
    }
    if (waiting()) this.timer = setTimeout(() => this.run(), 1);
  }
}
