import type { AwsContext } from '../../aws/context';
import { openSession } from '../../session';
import type { CarrierRequest, OpenCarrier } from './carrier';

/**
 * Milliseconds. A session cannot be unasked for: when it is no longer wanted, the answer is awaited for a while, so that it can be ended.
 */
const LATE_ANSWER = 3_000;

/** Our own client of the data channel: needs nothing installed. */
export async function openNativeCarrier(context: AwsContext): Promise<OpenCarrier> {
  const aws = await import('../../aws/hot-path');
  const region = await aws.resolveRegion(context);
  return async ({ target, instanceId, reason, startTimeout, signal }: CarrierRequest) => {
    const session = await openSession({
      log: context.log,
      startTimeout,
      signal,
      allowInsecureLoopback: aws.usesCustomEndpoint(),
      gateway: {
        region,
        start: async () => aws.startSession({ instanceId, document: target.document, host: target.host, port: target.port, reason }, {
          ...context, signal: signal && laterThan(signal, LATE_ANSWER),
        }),
        resume: async (sessionId) => aws.resumeSession({ sessionId }, context),
        terminate: async (sessionId) => aws.terminateSession({ sessionId }, context),
        credentials: async () => aws.getSigningCredentials(context),
      },
    });
    if (session.customerMessage) context.log.info(`message of the session's administrator: ${session.customerMessage}`);
    return session;
  };
}

function laterThan(signal: AbortSignal, milliseconds: number): AbortSignal {
  const later = new AbortController();
  const abort = () => setTimeout(() => later.abort(signal.reason), milliseconds);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return later.signal;
}
