import { MESSAGE_TYPES, readType } from '../../../src/session/wire/message';

export type FrameKind = 'data' | 'acks' | 'other';

const KINDS: Readonly<Record<string, FrameKind>> = {
  [MESSAGE_TYPES.INPUT]: 'data',
  [MESSAGE_TYPES.OUTPUT]: 'data',
  [MESSAGE_TYPES.ACKNOWLEDGE]: 'acks',
};

const SHORTEST = 120;

/** The gateway looks at the outside of a frame only: its type and, of data, its sequence number. */
export function frameKind(frame: Buffer): FrameKind {
  return frame.length < SHORTEST ? 'other' : (KINDS[readType(frame)] ?? 'other');
}

export function frameSequence(frame: Buffer): number {
  return Number(frame.readBigInt64BE(48));
}
