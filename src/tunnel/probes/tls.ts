import { exchange } from './exchange';
import type { ProbeFunction } from './probe';

/** Of records, every server takes the oldest; of messages, the version is the newest that is spoken here. */
const [TLS_1_0, TLS_1_2] = [0x0301, 0x0303];
/** The kinds of record with which a server may answer, by their first byte; the second is the major version of them all. */
const [ALERT, HANDSHAKE, MAJOR_VERSION] = [0x15, 0x16, 3];

/** ECDHE with AES, as servers of today want it, and RSA for those of yesterday. Who wants others says so in an alert. */
const CIPHER_SUITES = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035];
const EXTENSIONS: readonly (readonly [type: number, body: Buffer])[] = [
  [10, block(2, words(0x001d, 0x0017, 0x0018))], // supported groups: x25519, P-256, P-384
  [11, block(1, Buffer.of(0))], // point formats: uncompressed
  [13, block(2, words(0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501, 0x0201))], // signatures: ECDSA, RSA-PSS, RSA
  [23, Buffer.alloc(0)], // extended master secret
];
const RANDOM = Buffer.from('connect-probe'.padEnd(32));

const CLIENT_HELLO = record(HANDSHAKE, message(1, Buffer.concat([
  words(TLS_1_2),
  RANDOM,
  block(1, Buffer.alloc(0)), // no session to resume
  block(2, words(...CIPHER_SUITES)),
  block(1, Buffer.of(0)), // no compression
  block(2, Buffer.concat(EXTENSIONS.map(([type, body]) => Buffer.concat([words(type), block(2, body)])))),
])));

/** One that speaks TLS answers a hello with its own, or says in an alert what it does not like. No certificate is looked at. */
export const probeTls: ProbeFunction = (target) => exchange({
  ...target,
  say: CLIENT_HELLO,
  reply: ([kind, version]) => (version === undefined ? undefined : { verdict: version === MAJOR_VERSION && (kind === HANDSHAKE || kind === ALERT) }),
});

function record(kind: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind), words(TLS_1_0), block(2, body)]);
}

function message(kind: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind), block(3, body)]);
}

/** Bytes after their length. */
function block(lengthBytes: number, body: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(body.length, 0, lengthBytes);
  return Buffer.concat([length, body]);
}

function words(...numbers: number[]): Buffer {
  return Buffer.from(numbers.flatMap((number) => [number >> 8, number & 0xff]));
}
