import { AwsError } from '../aws-error';
import type { Caller } from '../credentials';
import { limitsOf, render } from '../state/session-document';
import { type Session, statusOf } from '../state/sessions';
import type { State } from '../state/state';
import { page } from './pages';
import type { Service } from './service';
import { invalid, invalidToken, pageSize, required } from './ssm-validation';

/** What a client needs to open a session's data channel. */
export interface SessionTicket {
  readonly SessionId: string;
  readonly TokenValue: string;
  readonly StreamUrl: string;
}

/** The data channels behind the sessions. */
export interface DataChannels {
  open(session: Session): SessionTicket;
  /** Undefined when the session is over. */
  reissue(session: Session): SessionTicket | undefined;
  terminate(session: Session): void;
}

interface StartSessionInput {
  readonly Target?: string;
  readonly DocumentName?: string;
  readonly Reason?: string;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
}

interface DescribeSessionsInput {
  readonly State?: string;
  readonly Filters?: readonly { readonly key: string; readonly value: string }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** What a call that names no document means: a shell, which is none of our business here. */
const SHELL_DOCUMENT = 'SSM-SessionManagerRunShell';

const FILTERS: Readonly<Record<string, (session: Session) => string>> = {
  SessionId: (session) => session.id,
  Target: (session) => session.target,
  Owner: (session) => session.owner,
  Status: statusOf,
};

export function sessionOperations(state: State, channels: DataChannels): Service['operations'] {
  const existing = (caller: Caller, id: string): Session => {
    const session = state.sessions.in(caller).find((candidate) => candidate.id === id);
    if (session === undefined) throw new AwsError('DoesNotExistException', `Session ${id} does not exist.`);
    return session;
  };
  return {
    StartSession: (input: StartSessionInput, caller) => {
      const target = required('target', input.Target);
      const documentName = input.DocumentName ?? SHELL_DOCUMENT;
      const document = state.documents.find(caller, documentName);
      if (document === undefined) throw new AwsError('InvalidDocument', `Document with name ${documentName} does not exist.`);
      const properties = render(documentName, document, input.Parameters ?? {});
      if (!state.instances.find(caller, target)?.isAgentOnline) throw new AwsError('TargetNotConnected', `${target} is not connected.`);
      const { account, region, sessionName, arn: owner } = caller;
      return channels.open(state.sessions.add({
        account, region, sessionName, owner, target, documentName, properties, limits: limitsOf(document), reason: input.Reason,
      }));
    },
    ResumeSession: (input: { SessionId?: string }, caller) => {
      const session = existing(caller, required('sessionId', input.SessionId));
      return channels.reissue(session) ?? { SessionId: session.id };
    },
    TerminateSession: (input: { SessionId?: string }, caller) => {
      const session = existing(caller, required('sessionId', input.SessionId));
      channels.terminate(session);
      return { SessionId: session.id };
    },
    DescribeSessions: (input: DescribeSessionsInput, caller) => {
      const which = required('state', input.State);
      if (which !== 'Active' && which !== 'History') throw invalid('state', which, 'satisfy enum value set: [Active, History]');
      const found = state.sessions.in(caller)
        .filter((session) => (statusOf(session) === 'Terminated') === (which === 'History'))
        .filter((session) => (input.Filters ?? []).every(({ key, value }) => matches(session, key, value)));
      const { items, next } = page(found, pageSize(input.MaxResults, 200, [1, 200]), input.NextToken, invalidToken);
      return { Sessions: items.map(describe), NextToken: next };
    },
  };
}

function matches(session: Session, key: string, value: string): boolean {
  const valueOf = FILTERS[key];
  if (valueOf === undefined) throw new AwsError('InvalidFilterKey', `The filter key '${key}' isn't valid.`);
  return valueOf(session) === value;
}

function describe(session: Session): object {
  return {
    SessionId: session.id,
    Target: session.target,
    Status: statusOf(session),
    StartDate: session.startedAt,
    EndDate: session.endedAt,
    DocumentName: session.documentName,
    Owner: session.owner,
    Reason: session.reason,
    MaxSessionDuration: session.limits?.maxSessionDuration?.toString(),
    AccessType: 'Standard',
  };
}
