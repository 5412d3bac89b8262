import { MESSAGE_TYPES } from '../../../src/session/message';

export type FrameKind = 'data' | 'acks' | 'other';

const KINDS: Readonly<Record<string, FrameKind>> = {
  [MESSAGE_TYPES.INPUT]: 'data',
  [MESSAGE_TYPES.OUTPUT]: 'data',
  [MESSAGE_TYPES.ACKNOWLEDGE]: 'acks',
};

const SHORTEST = 120;

/** The gateway looks at the outside of a frame only: its type and, of data, its sequence number. */
export function frameType(frame: Buffer): string {
  return frame.toString('latin1', 4, 36).replace(/[\0 ]+$/, '');
}

export function frameKind(frame: Buffer): FrameKind {
  return frame.length < SHORTEST ? 'other' : (KINDS[frameType(frame)] ?? 'other');
}

export function frameSequence(frame: Buffer): number {
  return Number(frame.readBigInt64BE(48));
}
