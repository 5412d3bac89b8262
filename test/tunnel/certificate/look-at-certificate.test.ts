import { connect, type Socket } from 'node:net';
import type { Probe } from '../../../src/engines';
import { type CertificateFacts, lookAtCertificate } from '../../../src/tunnel/certificate/look-at-certificate';
import { START_TLS } from '../../../src/tunnel/certificate/start-tls';
import { answer, CERTIFIED, hangUp, LATE_TLS, overTls, serve, silence, type Talk } from '../probe-servers';

const HOST = 'database.example';
const AUTHORITIES = [String(CERTIFIED.cert)];

interface Asked { readonly host?: string; readonly authorities?: string[] }

async function look(probe: Probe, talk: Talk, { host = HOST, authorities = AUTHORITIES }: Asked = {}): Promise<CertificateFacts | undefined> {
  const socket = connect({ port: await serve(talk), host: '127.0.0.1' }).on('error', () => undefined);
  try {
    return await lookAtCertificate(socket, { host, authorities, startTls: START_TLS[probe]! });
  } finally {
    expect(socket.destroyed).toBe(true);
  }
}

/** A packet of MySQL, or what stands for one. */
const packet = (sequence: number, payload: Buffer): Buffer => Buffer.concat([Buffer.of(payload.length, 0, 0, sequence), payload]);
const greeting = (capabilities: number): Buffer => packet(0, Buffer.concat([
  Buffer.from('\n8.0.36\0'), Buffer.alloc(13), Buffer.of(capabilities & 0xff, capabilities >> 8), Buffer.alloc(20),
]));
const CLIENT_SSL = 0x800;
const WISH_LENGTH = 4 + 32;
const SWITCH = packet(3, Buffer.of(0xfe));
const REFUSED = packet(5, Buffer.of(0xff));

/** Greets in plain text, is asked for TLS, and refuses the login over it. Tells how many packets it got by TLS. */
const mysql = (heard: { packets: number }): Talk => (socket: Socket) => {
  socket.write(greeting(CLIENT_SSL));
  socket.once('data', (bytes: Buffer) => {
    socket.pause();
    // The hello of TLS may come in the same piece as the wish for it.
    if (bytes.length > WISH_LENGTH) socket.unshift(bytes.subarray(WISH_LENGTH));
    overTls((secure) => {
      secure.on('data', () => secure.write(heard.packets++ === 0 ? SWITCH : REFUSED));
    })(socket);
  });
};

test.each<[Probe, Talk]>([['tls', overTls(silence)], ['redis', overTls(silence)], ['postgres', LATE_TLS], ['mysql', mysql({ packets: 0 })]])(
  'of %s: for whom the certificate is, who signed it, and until when', async (probe, talk) => {
    expect(await look(probe, talk)).toEqual({
      names: HOST, issuer: HOST, validTo: expect.stringMatching(/^2126-/), isForHost: true, distrust: undefined,
    });
  });

test('a certificate that is for another host is not for this one', async () => {
  expect(await look('postgres', LATE_TLS, { host: 'other.example' })).toMatchObject({ names: HOST, isForHost: false });
});

test('one that nobody vouches for is not trusted', async () => {
  expect(await look('tls', overTls(silence), { authorities: [] })).toMatchObject({ isForHost: true, distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('the login of MySQL is gone through to its end, which is a no', async () => {
  const heard = { packets: 0 };
  await look('mysql', mysql(heard));
  expect(heard.packets).toBe(2);
});

test.each<[string, Probe, Talk]>([
  ['a PostgreSQL that says no', 'postgres', answer(8, 'N')],
  ['a PostgreSQL that says more than it was asked for', 'postgres', (socket) => void socket.once('data', () => socket.write('Sx'))],
  ['a MySQL that cannot', 'mysql', (socket) => void socket.resume().write(greeting(0))],
  ['a MySQL that greets with an error', 'mysql', (socket) => void socket.resume().write(packet(0, Buffer.of(0xff, 1)))],
])('there is no TLS with %s', async (_, probe, talk) => {
  expect(await look(probe, talk)).toBeUndefined();
});

test.each<[Probe, Talk]>([['postgres', hangUp], ['mysql', hangUp], ['tls', hangUp], ['tls', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')]])(
  'fails when %s hangs up or speaks another language', async (probe, talk) => {
    await expect(look(probe, talk)).rejects.toThrow();
  });
