import { hash, randomFillSync } from 'node:crypto';

/**
 * The binary envelope of the data channel: a header of 116 bytes, the payload's length, the payload. All integers are big-endian.
 */
export const MESSAGE_TYPES = {
  INPUT: 'input_stream_data',
  OUTPUT: 'output_stream_data',
  ACKNOWLEDGE: 'acknowledge',
  CHANNEL_CLOSED: 'channel_closed',
  PAUSE: 'pause_publication',
  START: 'start_publication',
} as const;

export const PAYLOAD_TYPES = {
  NONE: 0,
  OUTPUT: 1,
  HANDSHAKE_REQUEST: 5,
  HANDSHAKE_RESPONSE: 6,
  HANDSHAKE_COMPLETE: 7,
  ENCRYPTION_CHALLENGE_REQUEST: 8,
  FLAG: 10,
} as const;

/** What a payload of type FLAG says, as a big-endian 32-bit integer. */
export const FLAGS = { DISCONNECT_TO_PORT: 1, TERMINATE_SESSION: 2, CONNECT_TO_PORT_ERROR: 3 } as const;

export const SYN = 1n;
export const SYN_AND_FIN = 3n;

const HEADER_LENGTH = 116;
/** The header of a later version may have more fields, but not as many. */
const LONGEST_HEADER = 1024;
const PAYLOAD_OFFSET = HEADER_LENGTH + 4;
const TYPE_OFFSET = 4;
const TYPE_END = 36;
const SPACE = 0x20;
const SCHEMA_VERSION = 1;
const HALF = 2 ** 32;
const UUID_LENGTH = 16;

/** Random bytes for the ids to come, and how many of them are used up: to draw for many ids at a time is cheaper. */
const randomPool = Buffer.alloc(256 * UUID_LENGTH);
let usedUp = randomPool.length;

export interface AgentMessage {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly sequence: number;
  readonly flags: bigint;
  /** A UUID in its usual, canonical form. */
  readonly id: string;
  readonly payloadType: number;
  readonly payload: Buffer;
}

/** What a sender has to say; the rest of a message has a default. */
export type MessageDraft = Pick<AgentMessage, 'type' | 'payload'> & Partial<AgentMessage>;

/** A frame that is no message: too short, without a type or a date, or with a payload that is not the one digested. */
export class MalformedMessage extends Error {
  readonly name = 'MalformedMessage';
}

export function encodeMessage(draft: MessageDraft): Buffer {
  const { payload } = draft;
  const frame = Buffer.allocUnsafe(PAYLOAD_OFFSET + payload.length);
  frame.writeUInt32BE(HEADER_LENGTH, 0);
  frame.fill(SPACE, TYPE_OFFSET, TYPE_END);
  frame.write(draft.type, TYPE_OFFSET, TYPE_END - TYPE_OFFSET, 'latin1');
  frame.writeUInt32BE(SCHEMA_VERSION, TYPE_END);
  writeInteger(frame, 40, draft.createdAt ?? Date.now());
  writeInteger(frame, 48, draft.sequence ?? 0);
  frame.writeBigUInt64BE(draft.flags ?? 0n, 56);
  if (draft.id === undefined) writeNewUuid(frame, 64);
  else writeSwappedUuid(frame, 64, draft.id);
  frame.write(sha256(payload), 80, 32, 'binary');
  frame.writeUInt32BE(draft.payloadType ?? PAYLOAD_TYPES.NONE, 112);
  frame.writeUInt32BE(payload.length, 116);
  payload.copy(frame, PAYLOAD_OFFSET);
  return frame;
}

/**
 * Reads one frame. The payload is a view of the frame, not a copy.
 * @throws MalformedMessage
 */
export function decodeMessage(frame: Buffer): AgentMessage {
  if (frame.length < PAYLOAD_OFFSET) throw new MalformedMessage(`a frame of ${frame.length} bytes is shorter than a header`);
  const headerLength = frame.readUInt32BE(0);
  if (headerLength < HEADER_LENGTH || headerLength > LONGEST_HEADER || headerLength + 4 > frame.length) throw new MalformedMessage(`a header of ${headerLength} bytes in a frame of ${frame.length}`);
  const type = readType(frame);
  if (type === '') throw new MalformedMessage('a message without a type');
  const createdAt = readInteger(frame, 40);
  const payload = frame.subarray(headerLength + 4);
  if (!isUnchecked(type)) {
    if (createdAt === 0) throw new MalformedMessage(`a message of type ${JSON.stringify(type)} without a date`);
    if (payload.length > 0 && sha256(payload) !== frame.toString('binary', 80, 112)) {
      throw new MalformedMessage(`the payload of a message of type ${JSON.stringify(type)} does not match its digest`);
    }
  }
  return {
    type,
    createdAt,
    sequence: readInteger(frame, 48),
    flags: frame.readBigUInt64BE(56),
    id: readSwappedUuid(frame, 64),
    payloadType: frame.readUInt32BE(112),
    payload,
  };
}

/** The type of a frame that is long enough to have one. The agent pads it with spaces, the service with NULs. */
export function readType(frame: Buffer): string {
  let end = TYPE_END;
  while (end > TYPE_OFFSET && (frame[end - 1] === SPACE || frame[end - 1] === 0)) end--;
  return frame.toString('latin1', TYPE_OFFSET, end);
}

/** The service sends these two with whatever header it likes. */
function isUnchecked(type: string): boolean {
  return type === MESSAGE_TYPES.PAUSE || type === MESSAGE_TYPES.START;
}

/** As a string of bytes: a buffer for each digest costs as much as the digest itself. */
function sha256(payload: Buffer): string {
  return hash('sha256', payload, 'binary');
}

/** A signed integer of 64 bits. Two halves are cheaper than a bigint. */
function writeInteger(frame: Buffer, offset: number, value: number): void {
  frame.writeInt32BE(Math.floor(value / HALF), offset);
  frame.writeUInt32BE(value >>> 0, offset + 4);
}

function readInteger(frame: Buffer, offset: number): number {
  return frame.readInt32BE(offset) * HALF + frame.readUInt32BE(offset + 4);
}

/** A random UUID, which says of itself that it is one: version 4, of the usual variant. */
function writeNewUuid(frame: Buffer, offset: number): void {
  if (usedUp === randomPool.length) {
    randomFillSync(randomPool);
    usedUp = 0;
  }
  randomPool.copy(frame, offset, usedUp, usedUp + UUID_LENGTH);
  usedUp += UUID_LENGTH;
  // The halves are swapped: what is byte 8 of a UUID comes first.
  frame[offset] = (frame[offset]! & 0x3f) | 0x80;
  frame[offset + 14] = (frame[offset + 14]! & 0x0f) | 0x40;
}

/** On the wire the two halves of a UUID stand in each other's place. */
function writeSwappedUuid(frame: Buffer, offset: number, uuid: string): void {
  const hex = uuid.replaceAll('-', '');
  frame.write(hex.slice(16), offset, 8, 'hex');
  frame.write(hex.slice(0, 16), offset + 8, 8, 'hex');
}

function readSwappedUuid(frame: Buffer, offset: number): string {
  const hex = frame.toString('hex', offset, offset + 16);
  return `${hex.slice(16, 24)}-${hex.slice(24, 28)}-${hex.slice(28)}-${hex.slice(0, 4)}-${hex.slice(4, 16)}`;
}
