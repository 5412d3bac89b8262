import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type TLSSocket } from 'node:tls';
import { speaksTls } from '../../../src/tunnel/login/speaks-tls';
import { verifyTls } from '../../../src/tunnel/login/verify-tls';
import { AUTHORITY } from '../../support/postgres';
import { answerTo, hangUp, overTls, serve, silence, type Talk } from '../probe-servers';

const CERTIFICATES = join(__dirname, '../../support/certificates');
const OURS = { key: readFileSync(join(CERTIFICATES, 'database.key')), cert: readFileSync(join(CERTIFICATES, 'database.pem')) };
const HOST = 'ahbodedb.cluster-c667d9560122.us-east-1.rds.amazonaws.com';
const TRUSTED = [{ file: AUTHORITY }];

const secured = (talk: Talk = silence): Talk => overTls(talk, hangUp, OURS);
const verify = async (engine: string, talk: Talk, host = HOST, trusts: Parameters<typeof verifyTls>[1] = TRUSTED) =>
  verifyTls({ engine, port: await serve(talk), remote: { host, port: 1 } }, trusts);

/** Answers a question in plain text, and goes on in TLS. */
const after = (question: Buffer, reply: string | Buffer, talk: Talk = silence): Talk => (socket) => {
  socket.once('data', (bytes) => {
    if (!bytes.equals(question)) return hangUp(socket);
    socket.write(reply);
    return secured(talk)(socket);
  });
};
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

test('a database is vouched for by whom we trust, under its own name', async () => {
  expect(await verify('redis', secured())).toEqual({ file: AUTHORITY });
  expect(await verify('postgres', after(SSL_REQUEST, 'S'))).toEqual({ file: AUTHORITY });
});

test('who vouches for it is found, the first choice first', async () => {
  expect(await verify('redis', secured(), HOST, [{}, ...TRUSTED])).toEqual({ file: AUTHORITY });
});

test.each<[string, string, Talk, string, object[], string]>([
  ['has another name', 'redis', secured(), 'ahbodedb.evil.example', TRUSTED, "its certificate is another's"],
  ['is an address that the certificate has not', 'redis', secured(), '10.0.0.1', TRUSTED, "its certificate is another's"],
  ['nobody whom we trust vouches for', 'redis', secured(), HOST, [{}], 'its certificate is not trusted (UNABLE_TO_'],
  ['speaks no TLS', 'postgres', after(SSL_REQUEST, 'N'), HOST, TRUSTED, 'it speaks no TLS'],
  ['says neither yes nor no', 'postgres', hangUp, HOST, TRUSTED, 'it hung up'],
  ['hangs up on a handshake', 'redis', hangUp, HOST, TRUSTED, 'did not shake hands over TLS'],
  ['we have no TLS for', 'oracle-ee', secured(), HOST, TRUSTED, 'cannot ask oracle-ee who it is'],
])('fails with exit code 8 and what to type when the database %s', async (_, engine, talk, host, trusts, why) => {
  const problem = { exit: 8, message: expect.stringContaining(why), next: expect.any(String) };
  await expect(verify(engine, talk, host, trusts)).rejects.toMatchObject(problem);
});

const packet = (sequence: number, payload: Buffer): Buffer => Buffer.concat([Buffer.from([payload.length, 0, 0, sequence]), payload]);
const greeting = (capabilities: number): Buffer => {
  const low = Buffer.alloc(2);
  low.writeUInt16LE(capabilities);
  return packet(0, Buffer.concat([Buffer.from('\x0a8.0.36\0'), Buffer.alloc(4 + 8 + 1), low, Buffer.alloc(20)]));
};
const SSL_REQUEST_LENGTH = 36;
const ACCESS_DENIED = packet(3, Buffer.from('\xff\x15\x04#28000Access denied', 'latin1'));

test.each<[string, object[], object]>([
  ['trusted', TRUSTED, { status: 'fulfilled' }],
  ['not trusted', [{}], { status: 'rejected', reason: expect.objectContaining({ exit: 8 }) }],
])('a MySQL that is %s is told a whole login over TLS, and counts no interrupted handshake against the bastion', async (_, trusts, outcome) => {
  const said: Buffer[] = [];
  const talk = (socket: Socket): void => {
    socket.write(greeting(0xffff));
    socket.once('data', (bytes) => {
      said.push(bytes.subarray(0, SSL_REQUEST_LENGTH));
      // A client does not wait for an answer: its handshake may be there already.
      if (bytes.length > SSL_REQUEST_LENGTH) socket.unshift(bytes.subarray(SSL_REQUEST_LENGTH));
      secured((secure) => (secure as TLSSocket).on('data', (login) => {
        said.push(login);
        secure.write(ACCESS_DENIED);
      }))(socket);
    });
  };
  const [result] = await Promise.allSettled([verify('aurora-mysql', talk, HOST, trusts)]);
  expect(result).toMatchObject(outcome);
  const [request, login] = said;
  expect([request!.length, request![3], request!.readUInt32LE(4) & 0x800]).toEqual([SSL_REQUEST_LENGTH, 1, 0x800]);
  expect([login![3], login!.readUInt32LE(4) & 0x800, login!.includes('connect-probe')]).toEqual([2, 0x800, true]);
});

test('a MySQL without TLS is not asked for a handshake', async () => {
  const talk = (socket: Socket): void => void socket.write(greeting(0xffff & ~0x800));
  await expect(verify('mysql', talk)).rejects.toMatchObject({ message: expect.stringContaining('it speaks no TLS') });
});

test('whether a redis speaks TLS is found out, and not asked of a postgres', async () => {
  expect(await speaksTls({ engine: 'redis', port: await serve(overTls(silence, silence)) })).toBe(true);
  expect(await speaksTls({ engine: 'valkey', port: await serve(answerTo('PING\r\n', '+PONG\r\n')) })).toBe(false);
  expect(await speaksTls({ engine: 'postgres', port: 1 })).toBeUndefined();
});
