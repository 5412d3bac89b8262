import { Problem, type ProblemCode } from '../../problem';
import { timeLimit } from '../../time-limit';
import { unlessAborted } from '../../unless-aborted';

/** The time that an opening may still take, and the word that stops it. */
export class Deadline {
  readonly at: number;
  /** Aborted when interrupted, or when the time is over. */
  readonly signal: AbortSignal;

  constructor(timeout: number, readonly interruption: AbortSignal = new AbortController().signal) {
    this.at = Date.now() + timeout;
    this.signal = timeLimit(timeout, interruption);
  }

  /** Milliseconds, never negative. */
  get left(): number {
    return Math.max(0, this.at - Date.now());
  }

  /** The same deadline, which something else may stop too. */
  orWhen(interrupted: AbortSignal): Deadline {
    return new Deadline(this.left, AbortSignal.any([this.interruption, interrupted]));
  }

  /** What the work gives; when it is interrupted it fails for the reason of the interruption, whatever it makes of it itself. */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.interruption.throwIfAborted();
      throw error;
    }
  }

  /**
   * What the work gives, unless the deadline comes first.
   * @throws Problem of the given code, or the reason of the interruption
   */
  async race<T>(work: Promise<T>, code: ProblemCode, what: string): Promise<T> {
    const { signal } = this;
    try {
      return await unlessAborted(work, signal);
    } catch (error) {
      // The work may know the same signal, and say first that it gave up.
      this.interruption.throwIfAborted();
      throw signal.aborted ? tooLate(code, what) : error;
    }
  }
}

function tooLate(code: ProblemCode, what: string): Problem {
  return new Problem(code, `${what} took longer than --timeout allows`, { next: 'try again with a longer --timeout' });
}
