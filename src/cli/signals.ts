import { Problem, type ProblemCode } from '../problem';

const CODES = { SIGINT: 'INTERRUPTED', SIGTERM: 'TERMINATED', SIGHUP: 'HUNG_UP' } as const satisfies Partial<Record<NodeJS.Signals, ProblemCode>>;
type EndingSignal = keyof typeof CODES;
const ENDING_SIGNALS = Object.keys(CODES) as EndingSignal[];

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
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  try {
    const result = await work(abort.signal);
    abort.signal.throwIfAborted();
    return result;
  } catch (error) {
    abort.signal.throwIfAborted();
    throw error;
  } finally {
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, onSignal);
  }
}
