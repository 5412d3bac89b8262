/** Milliseconds that an end may be late: a client that was away hears of it when it comes back. */
const GRACE = 10_000;

interface Excuse {
  readonly ends: 'open' | 'new';
  readonly from: number;
  /** Nothing that begins later can have been struck. */
  overAt: number;
}

/** When connections had to end. At any other time one that does is one that was lost. */
export class Excuses {
  private readonly all: Excuse[] = [];

  /** From now on connections have to end. @returns what is called when they have not any more */
  open(ends: Excuse['ends']): () => void {
    const excuse: Excuse = { ends, from: performance.now(), overAt: Infinity };
    this.all.push(excuse);
    return () => { excuse.overAt = performance.now(); };
  }

  /** Whether a connection ended as it had to: whatever was open, or one that had heard nothing yet. */
  hold({ startedAt, endedAt, received }: { startedAt: number; endedAt: number; received: number }): boolean {
    return this.all.some(({ ends, from, overAt }) => (
      from <= endedAt && startedAt <= overAt && endedAt <= overAt + GRACE && (ends === 'open' || received === 0)
    ));
  }
}
