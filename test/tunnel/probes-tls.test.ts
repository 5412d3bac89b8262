import { ENGINES } from '../../src/engines';
import { isTunnelHealthy } from '../../src/tunnel/probes';
import { answerTo, CERTIFIED, hangUp, overTls, serve, silence, sockets, type Talk } from './probe-servers';

const PATIENCE = 5000;
const IMPATIENCE = 300;

const engineWith = (probe: string): string => Object.entries(ENGINES).find(([, engine]) => engine.probe === probe)![0];
const isHealthy = async (probe: string, talk: Talk, timeout: number = PATIENCE): Promise<boolean> =>
  isTunnelHealthy({ engine: engineWith(probe), port: await serve(talk), timeout });

const hex = (...parts: string[]): Buffer => Buffer.from(parts.join(''), 'hex');

/** What a driver of MongoDB sends first: `{ isMaster: 1 }` to `admin.$cmd`, request 1. */
const IS_MASTER = hex(
  '3a000000', '01000000', '00000000', 'd4070000', '00000000', Buffer.from('admin.$cmd\0').toString('hex'), '00000000', 'ffffffff',
  '13000000', '10', Buffer.from('isMaster\0').toString('hex'), '01000000', '00',
);
const mongoReply = (toRequest: string, opCode: string): Buffer => hex('24000000', '2a000000', toRequest, opCode, '00'.repeat(20));
const alert = hex('1503030002', '0228');

/** Engines that may want TLS: what their clients ask in plain text, and what says that they are ready. */
const LANGUAGES = [
  ['redis', 'PING\r\n', '+PONG\r\n'],
  ['memcached', 'version\r\n', 'VERSION 1.6.22\r\n'],
  ['mongodb', IS_MASTER, mongoReply('01000000', '01000000')],
] as const;

describe.each(LANGUAGES)('an engine asked by %s', (probe, question, reply) => {
  test.each<[string, boolean, Talk]>([
    ['speaks plain text, and is silent to TLS', true, answerTo(question, reply)],
    ['speaks TLS, and hangs up on plain text', true, overTls(silence)],
    ['speaks TLS, and is silent to plain text', true, overTls(silence, silence)],
    ['speaks TLS, and warns who speaks plain text', true, overTls(silence, (socket) => void socket.end(alert))],
    ['speaks a TLS that is not ours', true, overTls(silence, hangUp, {})],
    ['speaks another language', false, (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    ['hangs up on both', false, hangUp],
  ])('that %s is healthy: %s', async (_, healthy, talk) => {
    expect(await isHealthy(probe, talk)).toBe(healthy);
  });

  test('that is silent to both is not healthy once the time is over', async () => {
    expect(await isHealthy(probe, silence, IMPATIENCE)).toBe(false);
  });

  test('is left without a connection, whichever of the two it understood', async () => {
    for (const talk of [answerTo(question, reply), overTls(silence, silence)]) {
      await isHealthy(probe, talk);
      while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

test.each([
  ['wants a password', true, '-NOAUTH Authentication required.\r\n'],
  ['lets nobody ask', true, '-NOPERM this user has no permissions to run the \'ping\' command\r\n'],
  ['is loading, which is clear at once', false, '-LOADING Redis is loading the dataset in memory\r\n'],
])('a redis that %s is healthy: %s', async (_, healthy, reply) => {
  expect(await isHealthy('redis', answerTo('PING\r\n', reply), 10 * 60_000)).toBe(healthy);
});

test.each([
  ['of the form of today', true, mongoReply('01000000', 'dd070000')],
  ['to another question', false, mongoReply('02000000', '01000000')],
])('a mongodb that sends a reply %s is healthy: %s', async (_, healthy, reply) => {
  expect(await isHealthy('mongodb', answerTo(IS_MASTER, reply), healthy ? PATIENCE : IMPATIENCE)).toBe(healthy);
});

test.each<[string, boolean, Talk]>([
  ['shakes hands', true, overTls(silence)],
  ['speaks TLS 1.2 at most', true, overTls(silence, hangUp, { ...CERTIFIED, maxVersion: 'TLSv1.2' })],
  ['speaks TLS 1.3 only, and says so', true, overTls(silence, hangUp, { ...CERTIFIED, minVersion: 'TLSv1.3' })],
  ['has no certificate, and says that this will not do', true, overTls(silence, hangUp, {})],
  ['sends an alert byte by byte', true, (socket) => void alert.forEach((byte) => socket.write(Buffer.of(byte)))],
  ['speaks HTTP', false, (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['hangs up', false, hangUp],
  ['sends what only starts like TLS', false, (socket) => void socket.write(hex('1616'))],
])('an https that %s is healthy: %s', async (_, healthy, talk) => {
  expect(await isHealthy('tls', talk)).toBe(healthy);
});

test('an https that says nothing is not healthy once the time is over', async () => {
  expect(await isHealthy('tls', silence, IMPATIENCE)).toBe(false);
});
