import { exchange } from './exchange';
import type { ProbeFunction } from './probe';

const HEADER_LENGTH = 4;
/** The first byte of a greeting, and of an error such as "Too many connections": both come from a MySQL that lives. */
const [PROTOCOL_10, ERROR] = [0x0a, 0xff];

/** A MySQL that answers greets first: a packet of a 3-byte length and sequence number 0. */
export const probeMysql: ProbeFunction = (target) => exchange({
  ...target,
  isAnswer(bytes) {
    if (bytes.length <= HEADER_LENGTH) return undefined;
    const [sequence, kind] = [bytes[3], bytes[HEADER_LENGTH]];
    return bytes.readUIntLE(0, 3) > 1 && sequence === 0 && (kind === PROTOCOL_10 || kind === ERROR);
  },
});
