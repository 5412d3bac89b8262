import { Problem, type ProblemCode } from '../problem';

const CODES = { SIGINT: 'INTERRUPTED', SIGTERM: 'TERMINATED', SIGHUP: 'HUNG_UP' } as const satisfies Partial<Record<NodeJS.Signals, ProblemCode>>;
type EndingSignal = keyof typeof CODES;
const ENDING_SIGNALS = Object.keys(CODES) as EndingSignal[];

/** Does work that is asked to hurry by a signal of its own: while it lasts, none ends us. */
export async function hurried<Result>(work: (hurry: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  return heeding(() => abort.abort(), async () => work(abort.signal));
}

/**
 * Does work that goes on until somebody has seen enough, and ends without a word.
 * @returns the exit code of the work, or of the signal that ended it
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  let ended: AbortSignal | undefined;
  try {
    return await interruptible(async (signal) => work(ended = signal));
  } catch (error) {
    if (!ended?.aborted || error !== ended.reason) throw error;
    return (error as Problem).exit;
  }
}

/**
 * Does work that a signal asks to stop: the work's AbortSignal fires, and once the work has cleaned up, the signal's problem is thrown.
 * A second Ctrl-C does not wait for that.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const onSignal = (signal: EndingSignal): void => {
    if (abort.signal.aborted && signal === 'SIGINT') endBy(signal);
    abort.abort(new Problem(CODES[signal], `ended by ${signal}`));
  };
  const endBy = (signal: EndingSignal): void => {
    process.removeListener(signal, onSignal);
    process.kill(process.pid, signal);
  };
  return heeding(onSignal, async () => {
    try {
      return await work(abort.signal);
    } finally {
      abort.signal.throwIfAborted();
    }
  });
}

/** Does work, and meanwhile is told of each signal that would end us. */
async function heeding<Result>(onSignal: (signal: EndingSignal) => void, work: () => Promise<Result>): Promise<Result> {
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  try {
    return await work();
  } finally {
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, onSignal);
  }
}
