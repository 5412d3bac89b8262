import type { ProbeFunction, ProbeTarget } from './probe';
import { probeTls } from './tls';

/** Gives undefined where the other side speaks another language, or none. */
export type Attempt = (target: ProbeTarget) => Promise<boolean | undefined>;

/**
 * For an engine that may or may not want TLS, which cannot be told from outside. Who is spoken to in the wrong way may never answer, so both
 * are tried at once, and the first that is understood decides.
 */
export function orTls(attempt: Attempt): ProbeFunction {
  return async (target) => (await firstUnderstood(attempt, target))?.verdict ?? false;
}

/** Whether TLS is what is understood there; undefined where neither is. */
export async function prefersTls(attempt: Attempt, target: ProbeTarget): Promise<boolean | undefined> {
  return (await firstUnderstood(attempt, target))?.isTls;
}

async function firstUnderstood(attempt: Attempt, { port, signal }: ProbeTarget): Promise<{ verdict: boolean; isTls: boolean } | undefined> {
  const decided = new AbortController();
  const target = { port, signal: AbortSignal.any([signal, decided.signal]) };
  try {
    return await Promise.any([attempt, attemptTls].map(async (each) => ({ verdict: await understood(each(target)), isTls: each === attemptTls })));
  } catch {
    return undefined;
  } finally {
    decided.abort();
  }
}

const attemptTls: Attempt = async (target) => await probeTls(target) || undefined;

async function understood(answer: Promise<boolean | undefined>): Promise<boolean> {
  const verdict = await answer;
  if (verdict === undefined) throw new Error('not understood');
  return verdict;
}
