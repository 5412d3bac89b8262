import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type SecureContextOptions, TLSSocket } from 'node:tls';

const FOLDER = join(__dirname, '../fixtures/tls');

/** What a server of TLS needs to shake hands. */
export const CERTIFIED: SecureContextOptions = { key: readFileSync(join(FOLDER, 'key.pem')), cert: readFileSync(join(FOLDER, 'certificate.pem')) };

export type Talk = (socket: Socket) => void;

const servers: Server[] = [];
/** The connections that are open to all servers of the test. */
export const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map(async (server) => {
    server.close();
    await once(server, 'close');
  }));
});

/** A server that does with a connection what it is told. */
export async function serve(talk: Talk): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    talk(socket);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Says something once it has heard as many bytes; says each byte by itself, as a network may. */
export const answer = (hears: number, ...says: (string | Buffer)[]): Talk => (socket) => {
  let heard = 0;
  const speak = () => says.forEach((bytes) => Buffer.from(bytes).forEach((byte) => socket.write(Buffer.of(byte))));
  if (hears === 0) speak();
  socket.on('data', ({ length }) => {
    heard += length;
    if (heard >= hears) speak();
  });
};
export const silence: Talk = (socket) => void socket.resume();
export const hangUp: Talk = (socket) => void socket.end();

/** Talks to those who say what one of its language would say first, and is silent to others. */
export const answerTo = (question: string | Buffer, reply: string | Buffer): Talk => (socket) => {
  const expected = Buffer.from(question);
  let heard = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    heard = Buffer.concat([heard, bytes]);
    if (heard.subarray(0, expected.length).equals(expected)) socket.write(reply);
  });
};

const HANDSHAKE = 0x16;

/** A server that is asked in plain text whether it would speak TLS, as PostgreSQL is; it would. */
export const LATE_TLS: Talk = (socket) => {
  socket.once('data', () => {
    socket.pause().write('S');
    overTls(silence)(socket);
  });
};

/** A server of TLS, by its first byte. What it does with who speaks in plain text is for a test to say. */
export const overTls = (talk: Talk, toPlainText: Talk = hangUp, options: SecureContextOptions = CERTIFIED): Talk => (socket) => {
  socket.once('readable', () => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return undefined;
    socket.unshift(bytes);
    if (bytes[0] !== HANDSHAKE) return toPlainText(socket);
    const secure = new TLSSocket(socket, { isServer: true, ...options });
    secure.on('error', () => undefined);
    return talk(secure);
  });
};
