import { exchange } from './exchange';
import type { ProbeFunction } from './probe';

const HEADER_LENGTH = 4;
/** The kinds of packet, by their first byte. A server may also greet with an error, such as "Too many connections": it lives. */
const [GREETING, ERROR, SWITCH] = [0x0a, 0xff, 0xfe];

/** A user that no server has, so that the answer is no. */
const USER = 'connect-probe';
const PLUGIN = 'mysql_native_password';
/** CLIENT_LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH. */
const CAPABILITIES = 0x00000001 | 0x00000200 | 0x00008000 | 0x00080000;
const CLIENT_SSL = 0x00000800;
const LARGEST_PACKET = 1 << 24;
const UTF8MB4 = 45;

/**
 * A MySQL that answers greets first. To hang up then would count as an interrupted handshake, and after a hundred of those in a row
 * (`max_connect_errors`) the server lets nobody in from the bastion any more. So the handshake is gone through, as a user that does not
 * exist, until the server says no.
 */
export const probeMysql: ProbeFunction = (target) => {
  let answered = 0;
  return exchange({
    ...target,
    reply(bytes) {
      const packets = packetsOf(bytes);
      if (packets.length === answered) return undefined;
      answered = packets.length;
      if (!isMysql(packets)) return { verdict: false };
      const say = sayingTo(packets.at(-1)!);
      return say === undefined ? { verdict: true } : { say };
    },
    verdictAtEnd: (bytes) => isMysql(packetsOf(bytes)),
  });
};

/** What is said to which kind of packet. To any other, the conversation is over. */
const SAYINGS: Readonly<Record<number, () => Buffer>> = {
  [GREETING]: () => login(),
  [SWITCH]: () => Buffer.alloc(0),
};

/** What a user who does not exist says to a packet; undefined when there is no more to say. */
export function sayingTo({ kind, sequence }: Packet): Buffer | undefined {
  const say = SAYINGS[kind]?.();
  return say && packet(sequence + 1, say);
}

/** Asks for TLS, in the place of a login. */
export function sslRequest(): Buffer {
  return packet(1, preamble(CLIENT_SSL));
}

/** The login that goes on after it. */
export function loginOverTls(): Buffer {
  return packet(2, login(CLIENT_SSL));
}

/** Whether a greeting offers TLS. Its first packet has to be there; what has another form offers nothing. */
export function offersTls(bytes: Buffer): boolean {
  if (!isMysql(packetsOf(bytes)) || bytes[HEADER_LENGTH] !== GREETING) return false;
  // After the server's version come the connection's id and the first part of the salt.
  const capabilitiesAt = bytes.indexOf(0, HEADER_LENGTH + 1) + 1 + 4 + 8 + 1;
  return capabilitiesAt + 2 <= bytes.length && (bytes.readUInt16LE(capabilitiesAt) & CLIENT_SSL) !== 0;
}

function isMysql([first]: readonly Packet[]): boolean {
  return first !== undefined && first.sequence === 0 && (first.kind === GREETING || first.kind === ERROR);
}

export interface Packet {
  readonly sequence: number;
  readonly kind: number;
}

/** The packets that are complete; the first byte of each says what it is. */
export function packetsOf(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at + HEADER_LENGTH < bytes.length;) {
    const length = bytes.readUIntLE(at, 3);
    if (length === 0 || at + HEADER_LENGTH + length > bytes.length) break;
    packets.push({ sequence: bytes[at + 3]!, kind: bytes[at + HEADER_LENGTH]! });
    at += HEADER_LENGTH + length;
  }
  return packets;
}

function preamble(moreCapabilities: number): Buffer {
  const fixed = Buffer.alloc(32);
  fixed.writeUInt32LE(CAPABILITIES | moreCapabilities, 0);
  fixed.writeUInt32LE(LARGEST_PACKET, 4);
  fixed[8] = UTF8MB4;
  return fixed;
}

function login(moreCapabilities = 0): Buffer {
  return Buffer.concat([preamble(moreCapabilities), Buffer.from(`${USER}\0`), Buffer.from([0]), Buffer.from(`${PLUGIN}\0`)]);
}

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}
