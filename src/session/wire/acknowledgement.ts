import { type AgentMessage, encodeMessage, MESSAGE_TYPES, SYN_AND_FIN } from './message';

const SEQUENCE_KEY = '"AcknowledgedMessageSequenceNumber":';
/** A longer number is none that was ever sent; it is left to the JSON parser. */
const MAX_DIGITS = 15;
const [ZERO, NINE, COMMA] = [...Buffer.from('09,')] as [number, number, number];

/** The frame that says a message arrived. Receivers match it by the sequence number inside. */
export function encodeAcknowledgement({ type, id, sequence }: Pick<AgentMessage, 'type' | 'id' | 'sequence'>): Buffer {
  const payload = Buffer.from(
    `{"AcknowledgedMessageType":${JSON.stringify(type)},"AcknowledgedMessageId":"${id}",${SEQUENCE_KEY}${sequence},"IsSequentialMessage":true}`, 'latin1',
  );
  return encodeMessage({ type: MESSAGE_TYPES.ACKNOWLEDGE, flags: SYN_AND_FIN, payload });
}

/** The sequence number that an acknowledgement is for; undefined when it names none. */
export function decodeAcknowledgement({ payload }: AgentMessage): number | undefined {
  return scanSequence(payload) ?? parseSequence(payload);
}

/** The number where it stands in the usual form, which is four times as fast as parsing all. */
function scanSequence(payload: Buffer): number | undefined {
  const key = payload.indexOf(SEQUENCE_KEY, 0, 'latin1');
  if (key < 0) return undefined;
  const start = key + SEQUENCE_KEY.length;
  let sequence = 0;
  let at = start;
  for (; payload[at]! >= ZERO && payload[at]! <= NINE; at++) sequence = sequence * 10 + payload[at]! - ZERO;
  const isWhole = payload[at] === COMMA && at > start && at - start <= MAX_DIGITS;
  return isWhole ? sequence : undefined;
}

function parseSequence(payload: Buffer): number | undefined {
  try {
    const sequence: unknown = JSON.parse(payload.toString()).AcknowledgedMessageSequenceNumber;
    return Number.isSafeInteger(sequence) ? (sequence as number) : undefined;
  } catch {
    return undefined;
  }
}
