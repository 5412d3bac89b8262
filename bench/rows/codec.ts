import { randomBytes, randomUUID } from 'node:crypto';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../src/session/wire/acknowledgement';
import { decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../src/session/wire/message';
import type { BareRow } from './row';

const PAYLOAD = randomBytes(1024);
/** Between looks at the clock. */
const BATCH = 500;

/** How often a second something can be done. */
function perSecond(milliseconds: number, act: (sequence: number) => void): number {
  let sequence = 0;
  const from = performance.now();
  while (performance.now() - from < milliseconds) {
    for (const end = sequence + BATCH; sequence < end; sequence++) act(sequence);
  }
  return sequence / ((performance.now() - from) / 1000);
}

const write = (sequence: number): Buffer =>
  encodeMessage({ type: MESSAGE_TYPES.INPUT, sequence, payloadType: PAYLOAD_TYPES.OUTPUT, payload: PAYLOAD });
const message = { type: MESSAGE_TYPES.OUTPUT, id: randomUUID(), sequence: 0 };

export const codecRow: BareRow = {
  name: 'codec',
  about: 'the codec alone, in this process',
  roundTrips: [0],
  packetsPerSecond: 0,
  async measure({ measure }) {
    const frame = write(1);
    const span = measure / 3;
    const acknowledge = (sequence: number): unknown => decodeAcknowledgement(decodeMessage(encodeAcknowledgement({ ...message, sequence })));
    for (const warmUp of [write, () => decodeMessage(frame), acknowledge]) perSecond(span / 4, warmUp);
    return {
      'codec.encode': perSecond(span, write),
      'codec.decode': perSecond(span, () => decodeMessage(frame)),
      'codec.acknowledge': perSecond(span, acknowledge),
    };
  },
};
