import {
  ResumeSessionCommand, type ResumeSessionResponse, SSMClient, StartSessionCommand, type StartSessionResponse, TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import type { DescriptorDocument } from '../../descriptor';
import { Problem } from '../../problem';
import { type AwsCall, callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';
import { explainAwsError } from '../errors';
import { DEPLOY_AGAIN } from './deploy-again';

/** What opens a data channel. The token is a secret: in memory and on the wire only. */
export type SessionTicket = Required<Pick<StartSessionResponse, 'SessionId' | 'TokenValue' | 'StreamUrl'>>;

interface SigningCredentials extends Pick<Awaited<ReturnType<SSMClient['config']['credentials']>>, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'> {
  /** What time it is at AWS, as its last answer told. */
  readonly signingDate: Date;
}

export interface SessionRequest {
  readonly instanceId: string;
  readonly document: DescriptorDocument;
  readonly host: string;
  readonly port: number;
  /** @default - the document's own, which is any free one */
  readonly localPort?: number;
  /** Written to the session's audit entry. */
  readonly reason?: string;
}

/** The instance is not known to Session Manager now: stopped, starting, replaced or gone. */
export class BastionNotConnected extends Problem {
  readonly name = 'BastionNotConnected';

  constructor(instanceId: string, cause: unknown) {
    super('BASTION_DOWN', `bastion ${instanceId} is not connected to Session Manager`, {
      next: `look at its state: aws ec2 describe-instances --instance-ids ${instanceId} --query 'Reservations[].Instances[].State'`, cause,
    });
  }
}

/**
 * Starts a session that forwards to a host and port.
 * @throws BastionNotConnected when the instance is not there to take it
 * @throws Problem
 */
export async function startSession(request: SessionRequest, context: AwsContext): Promise<SessionTicket> {
  const { instanceId, document, reason } = request;
  const client = await clientOf(SSMClient, context);
  const call = startCall(request);
  const ticket = ticketOf(await callAws(call, context, (options) => client.send(new StartSessionCommand({
    Target: instanceId, DocumentName: document.name, Parameters: parametersOf(request), Reason: reason,
  }), options)));
  if (!ticket) throw explainAwsError(new Error('it answered without a session'), call, context);
  return ticket;
}

/** What a StartSession came to that failed, also one that another program made: an error that has the name that AWS gives it. */
export function explainStartFailure(error: unknown, request: Pick<SessionRequest, 'instanceId' | 'document'>, context: AwsContext): Problem {
  return explainAwsError(error, startCall(request), context);
}

function startCall({ instanceId, document }: Pick<SessionRequest, 'instanceId' | 'document'>): AwsCall<StartSessionResponse> {
  const notConnected = (cause: Error) => new BastionNotConnected(instanceId, cause);
  return {
    call: 'ssm:StartSession',
    otherwise: 'SESSION_FAILED',
    problems: {
      TargetNotConnected: notConnected,
      InvalidTarget: notConnected,
      InvalidInstanceId: notConnected,
      InvalidDocument: (cause) => new Problem('NOT_FOUND', `there is no session document ${document.name} to forward with`, {
        next: DEPLOY_AGAIN, cause,
      }),
      InvalidParameters: (cause) => new Problem('SESSION_FAILED', `session document ${document.name} refused the parameters: ${cause.message}`, {
        next: DEPLOY_AGAIN, cause,
      }),
    },
  };
}

/** A document that fixes host and port refuses them as parameters, even when they are the same. */
function parametersOf({ document, host, port, localPort }: SessionRequest): Record<string, string[]> | undefined {
  const parameters = {
    ...(document.fixed ? {} : { host: [host], portNumber: [String(port)] }),
    ...(localPort === undefined ? {} : { localPortNumber: [String(localPort)] }),
  };
  return Object.keys(parameters).length === 0 ? undefined : parameters;
}

/** A fresh token for a session that still exists; undefined when it is over. */
export async function resumeSession({ sessionId }: { sessionId: string }, context: AwsContext): Promise<SessionTicket | undefined> {
  const client = await clientOf(SSMClient, context);
  return ticketOf(await callAws<ResumeSessionResponse>({
    call: 'ssm:ResumeSession',
    otherwise: 'SESSION_FAILED',
    answers: { DoesNotExistException: {}, InvalidDocument: {} },
  }, context, (options) => client.send(new ResumeSessionCommand({ SessionId: sessionId }), options)));
}

/** Ends a session; one that is over already is fine. */
export async function terminateSession({ sessionId }: { sessionId: string }, context: AwsContext): Promise<void> {
  const client = await clientOf(SSMClient, context);
  await callAws<unknown>({
    call: 'ssm:TerminateSession',
    otherwise: 'SESSION_FAILED',
    answers: { DoesNotExistException: undefined },
  }, context, (options) => client.send(new TerminateSessionCommand({ SessionId: sessionId }), options));
}

/** What the upgrade to a data channel, or another call, is signed with. Asked for anew each time: the SDK renews what expires. */
export async function getSigningCredentials(context: AwsContext, call = 'ssmmessages:OpenDataChannel'): Promise<SigningCredentials> {
  const client = await clientOf(SSMClient, context);
  const { accessKeyId, secretAccessKey, sessionToken } = await callAws({ call }, context, () => client.config.credentials());
  return { accessKeyId, secretAccessKey, sessionToken, signingDate: new Date(Date.now() + client.config.systemClockOffset) };
}

function ticketOf({ SessionId, TokenValue, StreamUrl }: StartSessionResponse): SessionTicket | undefined {
  return SessionId && TokenValue && StreamUrl ? { SessionId, TokenValue, StreamUrl } : undefined;
}
