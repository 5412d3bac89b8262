import { forgetClients } from './clients';
import type { AwsContext } from './context';
import { explainAwsError, type FailingCall } from './errors';

export interface AwsCall<Answer> extends FailingCall {
  /** Errors that are answers, by the name that the SDK gives them. */
  readonly answers?: Readonly<Record<string, Answer>>;
}

/**
 * Makes one call to AWS.
 * @throws Problem for every failure
 */
export async function callAws<Answer>(how: AwsCall<Answer>, context: AwsContext, send: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  try {
    return await send();
  } catch (error) {
    const name = (error as Error).name;
    if (how.answers && Object.hasOwn(how.answers, name)) return how.answers[name] as Answer;
    const problem = explainAwsError(error, how, context);
    // A worker outlives its credentials: somebody may log in again before the next call.
    if (problem.code === 'CREDENTIALS') forgetClients();
    throw problem;
  } finally {
    context.log.debug(`${how.call} took ${Math.round(performance.now() - startedAt)} ms`);
  }
}
