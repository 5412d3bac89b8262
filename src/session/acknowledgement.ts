import { type AgentMessage, encodeMessage, MESSAGE_TYPES, SYN_AND_FIN } from './message';

/** The frame that says a message arrived. Receivers match it by the sequence number inside. */
export function encodeAcknowledgement(message: Pick<AgentMessage, 'type' | 'id' | 'sequence'>): Buffer {
  const payload = Buffer.from(JSON.stringify({
    AcknowledgedMessageType: message.type,
    AcknowledgedMessageId: message.id,
    AcknowledgedMessageSequenceNumber: message.sequence,
    IsSequentialMessage: true,
  }));
  return encodeMessage({ type: MESSAGE_TYPES.ACKNOWLEDGE, flags: SYN_AND_FIN, payload });
}

/** The sequence number that an acknowledgement is for; undefined when it names none. */
export function decodeAcknowledgement(message: AgentMessage): number | undefined {
  try {
    const sequence: unknown = JSON.parse(message.payload.toString()).AcknowledgedMessageSequenceNumber;
    return Number.isSafeInteger(sequence) ? (sequence as number) : undefined;
  } catch {
    return undefined;
  }
}
