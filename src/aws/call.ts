import { unlessAborted } from '../unless-aborted';
import { forgetClients } from './clients';
import type { AwsContext } from './context';
import { explainAwsError, type FailingCall } from './errors';

export interface AwsCall<Answer> extends FailingCall {
  /** Errors that are answers, by the name that the SDK gives them. */
  readonly answers?: Readonly<Record<string, Answer>>;
}

/** What a client's `send` takes beside the command. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Makes one call to AWS.
 * @throws Problem for every failure; the signal's reason when the call was given up
 */
export async function callAws<Answer>(how: AwsCall<Answer>, context: AwsContext, send: (options: SendOptions) => Promise<Answer>): Promise<Answer> {
  const { signal } = context;
  signal?.throwIfAborted();
  const startedAt = performance.now();
  try {
    const answer = send({ abortSignal: signal });
    // The SDK gives up a request when it is told to, but not what goes before: a program or a service that it gets credentials from.
    return await (signal ? unlessAborted(answer, signal) : answer);
  } catch (error) {
    signal?.throwIfAborted();
    const { name, $metadata } = error as Error & { $metadata?: { requestId?: string } };
    if (how.answers && Object.hasOwn(how.answers, name)) return how.answers[name] as Answer;
    const problem = explainAwsError(error, how, context);
    if ($metadata?.requestId) context.log.debug(`${how.call} failed: ${name}, AWS request id ${$metadata.requestId}`);
    // A worker outlives its credentials: somebody may log in again before the next call.
    if (problem.code === 'CREDENTIALS') forgetClients();
    throw problem;
  } finally {
    context.log.debug(`${how.call} took ${Math.round(performance.now() - startedAt)} ms`);
  }
}
