import type { ProblemCode } from '../../problem';
import { Problem } from '../../problem';

/** The time that an opening may still take, and the word that stops it. */
export class Deadline {
  readonly at: number;

  constructor(timeout: number, private readonly interrupted: AbortSignal = new AbortController().signal) {
    this.at = Date.now() + timeout;
  }

  /** Milliseconds, never negative. */
  get left(): number {
    return Math.max(0, this.at - Date.now());
  }

  /** Aborted when interrupted, or when the time is over. */
  signal(): AbortSignal {
    return AbortSignal.any([this.interrupted, AbortSignal.timeout(Math.ceil(this.left))]);
  }

  get interruption(): AbortSignal {
    return this.interrupted;
  }

  /**
   * What the work gives, unless the deadline comes first.
   * @throws Problem of the given code, or the reason of the interruption
   */
  async race<T>(work: Promise<T>, code: ProblemCode, what: string): Promise<T> {
    const signal = this.signal();
    signal.throwIfAborted();
    let abort: () => void;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(this.interrupted.aborted ? this.interrupted.reason as Error : tooLate(code, what));
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      signal.removeEventListener('abort', abort!);
    }
  }
}

function tooLate(code: ProblemCode, what: string): Problem {
  return new Problem(code, `${what} took longer than --timeout allows`, { next: 'try again with a longer --timeout' });
}
