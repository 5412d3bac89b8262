import { randomUUID } from 'node:crypto';

/** The release of the official client whose behaviour ours keeps. From 1.2.331.0 on, agents leave smux's keepalive off for it. */
export const CLIENT_VERSION = '1.2.835.0';

/** One per process, as the official client does it. */
const CLIENT_ID = randomUUID();

/** The first frame on every WebSocket, a textual one: the secret that opens the data channel. */
export function encodeTokenFrame(token: string): string {
  return JSON.stringify({
    MessageSchemaVersion: '1.0',
    RequestId: randomUUID(),
    TokenValue: token,
    ClientId: CLIENT_ID,
    ClientVersion: CLIENT_VERSION,
  });
}
