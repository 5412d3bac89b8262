import { Problem } from '../../problem';
import { printable } from '../../text';
import { MalformedMessage } from './message';
import { CLIENT_VERSION } from './token-frame';

/** Agents up to this one cannot carry several connections in one session. */
const LAST_AGENT_WITHOUT_STREAMS = [3, 0, 196, 0];

/** The agent knows two. An answer to each of very many would be long, and has to be kept until it is acknowledged. */
const MOST_ACTIONS = 16;

const STATUS = { SUCCESS: 1, UNSUPPORTED: 3 } as const;

interface RequestedAction {
  readonly ActionType: string;
  readonly ActionParameters?: { readonly SessionType?: string };
}

export interface HandshakeAnswer {
  readonly agentVersion: string;
  /** The payload to send back, whether or not we can do what is asked. */
  readonly response: Buffer;
  /** Why the session cannot be used. */
  readonly refusal?: Problem;
}

/** Answers what the agent asks for before data may flow. @throws MalformedMessage */
export function answerHandshake(payload: Buffer): HandshakeAnswer {
  const request = parse(payload);
  if (!Array.isArray(request.RequestedClientActions)) throw new MalformedMessage('a handshake that asks for nothing');
  const actions = request.RequestedClientActions as RequestedAction[];
  if (actions.length > MOST_ACTIONS) throw new MalformedMessage(`a handshake that asks for ${actions.length} things`);
  const agentVersion = printable(request.AgentVersion);
  const processed = actions.map((action) => ({ type: printable(action?.ActionType), problem: problemWith(action) }));
  const response = {
    ClientVersion: CLIENT_VERSION,
    ProcessedClientActions: processed.map(({ type, problem }) => ({
      ActionType: type,
      ActionStatus: problem === undefined ? STATUS.SUCCESS : STATUS.UNSUPPORTED,
      ActionResult: null,
      Error: problem?.message ?? '',
    })),
    Errors: null,
  };
  return {
    agentVersion,
    response: Buffer.from(JSON.stringify(response)),
    refusal: problemWithAgent(agentVersion) ?? processed.find(({ problem }) => problem !== undefined)?.problem,
  };
}

/** What the agent, or an administrator, has to say when the handshake is done. @throws MalformedMessage */
export function readHandshakeComplete(payload: Buffer): { readonly customerMessage?: string } {
  return { customerMessage: printable(parse(payload).CustomerMessage) || undefined };
}

function parse(payload: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the error below, which says the same of both.
  }
  throw new MalformedMessage('a handshake that is no JSON object');
}

function problemWith(action: RequestedAction): Problem | undefined {
  switch (action?.ActionType) {
    case 'SessionType': {
      const type = action.ActionParameters?.SessionType;
      if (type === 'Port') return undefined;
      return new Problem('SESSION_FAILED', `the session is of type ${JSON.stringify(printable(type))}, expected "Port"`, {
        next: 'check the session document: its sessionType must be Port',
      });
    }
    case 'KMSEncryption':
      return new Problem('SESSION_FAILED', 'the session asks for encryption with a KMS key, which port forwarding does not support', {
        next: 'turn KMS encryption off in the Session Manager preferences; --transport aws-cli can do it with rights to the key, which a grant does not give',
      });
    default:
      return new Problem('SESSION_FAILED', `the agent asks for ${JSON.stringify(printable(action?.ActionType))}, which this client does not know`, {
        next: 'use --transport aws-cli, or a newer version of this client',
      });
  }
}

function problemWithAgent(version: string): Problem | undefined {
  const parts = /^\d+(?:\.\d+){3}$/.test(version) ? version.split('.').map(Number) : [0];
  const difference = parts.map((part, index) => part - LAST_AGENT_WITHOUT_STREAMS[index]!).find((value) => value !== 0) ?? 0;
  if (difference > 0) return undefined;
  return new Problem('SESSION_FAILED', `the SSM agent on the bastion is too old: version ${version || 'unknown'}, need one above ${LAST_AGENT_WITHOUT_STREAMS.join('.')}`, {
    next: 'update it with the document AWS-UpdateSSMAgent, or replace the bastion',
  });
}
