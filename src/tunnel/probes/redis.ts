import { exchange } from './exchange';
import type { ProbeFunction } from './probe';

/** One that wants a password first, or knows no PING, answers too. */
const ANSWERS = ['+PONG', '-NOAUTH', '-ERR'];

/** A Redis that answers says PONG to PING. */
export const probeRedis: ProbeFunction = (target) => exchange({
  ...target,
  say: Buffer.from('PING\r\n'),
  reply(bytes) {
    const text = bytes.toString('latin1');
    return text.includes('\r\n') ? { verdict: ANSWERS.some((answer) => text.startsWith(answer)) } : undefined;
  },
});
