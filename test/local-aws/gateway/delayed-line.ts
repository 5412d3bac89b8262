interface Delayed {
  readonly frame: Buffer;
  readonly due: number;
}

/** Carries frames with a delay. They come out in the order in which they are due, all that are due at once. */
export class DelayedLine {
  private waiting: Delayed[] = [];
  private latest = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly deliver: (frames: Buffer[]) => void) {}

  /** A frame comes no sooner than those before it, unless they are late ones. */
  push(frame: Buffer, milliseconds: number): void {
    this.latest = Math.max(this.latest, performance.now() + milliseconds);
    this.insert({ frame, due: this.latest });
  }

  /** A frame that those behind it may overtake. */
  pushLate(frame: Buffer, milliseconds: number): void {
    this.insert({ frame, due: performance.now() + milliseconds });
  }

  clear(): void {
    this.waiting = [];
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private insert(delayed: Delayed): void {
    let at = this.waiting.length;
    while (at > 0 && this.waiting[at - 1]!.due > delayed.due) at--;
    this.waiting.splice(at, 0, delayed);
    if (at === 0) this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const [next] = this.waiting;
    this.timer = next && setTimeout(() => this.flush(), Math.max(1, Math.ceil(next.due - performance.now())));
  }

  private flush(): void {
    const now = performance.now();
    const still = this.waiting.findIndex((delayed) => delayed.due > now);
    const due = this.waiting.splice(0, still === -1 ? this.waiting.length : still);
    this.schedule();
    if (due.length > 0) this.deliver(due.map((delayed) => delayed.frame));
  }
}
