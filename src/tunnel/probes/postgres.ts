import { exchange } from './exchange';
import type { ProbeFunction } from './probe';

/** Length 8, and the number that stands where a version would: "may we talk TLS?" */
export const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');
export const [YES, NO] = [0x53, 0x4e];

/** A PostgreSQL that answers says yes or no to an SSLRequest, before it asks who is there. */
export const probePostgres: ProbeFunction = (target) => exchange({
  ...target,
  say: SSL_REQUEST,
  reply: ([first]) => ({ verdict: first === YES || first === NO }),
});
