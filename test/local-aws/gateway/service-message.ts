import { randomUUID } from 'node:crypto';
import { encodeMessage, MESSAGE_TYPES } from '../../../src/session/wire/message';

/** The service fills this field with what it finds. */
const JUNK_PAYLOAD_TYPE = 261;

/** A message of the service's own, padded with NULs where clients and agents pad with spaces. */
export function serviceMessage(type: string, payload = Buffer.alloc(0)): Buffer {
  const frame = encodeMessage({ type, payloadType: JUNK_PAYLOAD_TYPE, payload });
  frame.fill(0, 4 + type.length, 36);
  return frame;
}

/** Tells a client that its session is over, and why. */
export function channelClosed(sessionId: string, output: string): Buffer {
  return serviceMessage(MESSAGE_TYPES.CHANNEL_CLOSED, Buffer.from(JSON.stringify({
    MessageId: randomUUID(),
    CreatedDate: new Date().toISOString(),
    DestinationId: randomUUID(),
    SessionId: sessionId,
    MessageType: MESSAGE_TYPES.CHANNEL_CLOSED,
    SchemaVersion: 1,
    Output: output,
  })));
}
