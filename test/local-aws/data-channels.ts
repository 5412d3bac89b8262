import { randomInt } from 'node:crypto';
import type { MessageGateway } from './gateway/gateway';
import type { Secrets } from './secrets';
import type { DataChannels, SessionTicket } from './services/ssm-sessions';
import type { Session, Sessions } from './state/sessions';

export const DATA_CHANNEL_PATH = '/v1/data-channel/';

const TOKEN_BYTES = 256;

/**
 * Joins the sessions, which SSM knows of, to the gateway that carries them.
 * @param origin scheme, host and port that clients reach the gateway at
 */
export function dataChannels(sessions: Sessions, gateway: MessageGateway, secrets: Secrets, origin: () => string): DataChannels {
  const ticket = (session: Session, token: string): SessionTicket => ({
    SessionId: session.id,
    TokenValue: token,
    StreamUrl: `${origin()}${DATA_CHANNEL_PATH}${encodeURIComponent(session.id)}?role=publish_subscribe&cell-number=${cellNumber(secrets)}`,
  });
  gateway.on('opened', ({ sessionId }) => sessions.markConnected(sessionId));
  gateway.on('closed', ({ sessionId }) => sessions.markTerminated(sessionId));
  return {
    open: (session) => {
      const token = secrets.make(TOKEN_BYTES);
      gateway.open({ sessionId: session.id, token, instanceId: session.target, properties: session.properties, limits: session.limits });
      return ticket(session, token);
    },
    reissue: (session) => {
      const token = secrets.make(TOKEN_BYTES);
      return gateway.reissue(session.id, token) ? ticket(session, token) : undefined;
    },
    terminate: (session) => {
      gateway.terminate(session.id);
      sessions.markTerminated(session.id);
    },
  };
}

/** Opaque to clients: they give back what they were given. */
function cellNumber(secrets: Secrets): string {
  return `${secrets.make(24)}.${randomInt(100)}`;
}
