import type { Duplex } from 'node:stream';
import type { Probe } from '../../engines';
import { loginOverTls, offersTls, packetsOf, sayingTo, sslRequest } from '../probes/mysql';
import { SSL_REQUEST, YES } from '../probes/postgres';
import { firstBytes } from './first-bytes';

/** How one gets to TLS with an engine, and out of it. */
export interface StartTls {
  /** Whether there are servers of it without TLS, which say nothing that one could understand. @default false */
  readonly isOptional?: boolean;
  /** Brings a connection to where TLS begins. @returns false where the other side does not want to */
  begin(stream: Duplex): Promise<boolean>;
  /** Takes leave, over TLS. @default - without a word */
  end?(stream: Duplex): Promise<void>;
}

const AT_ONCE: StartTls = { begin: async () => true };
const AT_ONCE_IF_AT_ALL: StartTls = { ...AT_ONCE, isOptional: true };

/** As in a client's library: a question of eight bytes, an answer of one. */
const POSTGRES: StartTls = {
  async begin(stream) {
    stream.write(SSL_REQUEST);
    const answer = await firstBytes(stream, () => true);
    // More than the one byte would be text that somebody put before what is encrypted.
    return answer.length === 1 && answer[0] === YES;
  },
};

const MYSQL: StartTls = {
  async begin(stream) {
    const isOffered = offersTls(await firstBytes(stream, hasPacket));
    if (isOffered) stream.write(sslRequest());
    return isOffered;
  },
  // Who leaves in the middle of a login counts towards `max_connect_errors`: so this one is refused.
  async end(stream) {
    for (let say: Buffer | undefined = loginOverTls(); say;) {
      stream.write(say);
      say = sayingTo(packetsOf(await firstBytes(stream, hasPacket)).at(-1)!);
    }
  },
};

function hasPacket(bytes: Buffer): boolean {
  return packetsOf(bytes).length > 0;
}

/** By the probe of the engine; undefined where we do not speak its language. */
export const START_TLS: Readonly<Record<Probe, StartTls | undefined>> = {
  postgres: POSTGRES,
  mysql: MYSQL,
  redis: AT_ONCE_IF_AT_ALL,
  memcached: AT_ONCE_IF_AT_ALL,
  mongodb: AT_ONCE_IF_AT_ALL,
  tls: AT_ONCE,
  tcp: undefined,
};
