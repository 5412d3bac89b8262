import type { AwsContext } from '../../aws/context';
import { openSession } from '../../session';
import { HalfCloseWatch } from '../peers';
import type { CarrierRequest, OpenCarrier } from './carrier';

/**
 * Milliseconds. A session cannot be unasked for: when it is no longer wanted, the answer is awaited for a while, so that it can be ended.
 */
const LATE_ANSWER = 3_000;

/** Our own client of the data channel: needs nothing installed. */
export async function openNativeCarrier(context: AwsContext): Promise<OpenCarrier> {
  const aws = await import('../../aws/hot-path');
  const region = await aws.resolveRegion(context);
  const halfClosed = new HalfCloseWatch();
  return async ({ target, instanceId, reason, startTimeout, signal, packetsPerSecond }: CarrierRequest) => {
    const session = await openSession({
      log: context.log,
      startTimeout,
      signal,
      packetsPerSecond: packetsPerSecond === 0 ? Infinity : packetsPerSecond,
      allowInsecureLoopback: await aws.usesCustomEndpoint(context),
      watchHalfClosed: (socket, tell) => halfClosed.watch(socket, tell),
      gateway: {
        region,
        start: async () => aws.startSession({ instanceId, document: target.document, host: target.host, port: target.port, reason }, {
          ...context, signal: signal && laterThan(signal, LATE_ANSWER),
        }),
        // The session itself tries again, and knows better when.
        resume: async (sessionId) => aws.resumeSession({ sessionId }, { ...context, attempts: 1 }),
        terminate: async (sessionId) => aws.terminateSession({ sessionId }, context),
        credentials: async () => aws.getSigningCredentials(context),
        agent: aws.agentForWebSocket,
        advise: aws.networkAdvice,
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
