import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSocketPath, removeDeadSocket, socketPathFor } from '../../../src/tunnel/unix-sockets';
import { Listener } from '../../../src/tunnel/worker/listener';

let folder: string;
let path: string;
let listener: Listener;
let accepted: Socket[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-sock-'));
  path = join(folder, 'a.sock');
  accepted = [];
  listener = new Listener(0, { start: () => undefined, admits: async () => { throw new Error('nobody is asked at the door'); } }, (socket) => accepted.push(socket));
});
afterEach(async () => {
  await listener.close();
  rmSync(folder, { recursive: true, force: true });
});

async function visit(): Promise<Socket> {
  const before = accepted.length;
  const visitor = connect(path).on('error', () => undefined);
  await once(visitor, 'connect');
  while (accepted.length === before) await new Promise(setImmediate);
  return visitor;
}

test('takes connections, for our eyes only whatever the umask, and leaves no file', async () => {
  const umask = process.umask(0);
  await listener.listenOnSocket(path);
  expect(process.umask(umask)).toBe(0);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const visitor = await visit();
  accepted[0]!.end('word');
  const [said] = await once(visitor, 'data');
  expect(String(said)).toBe('word');
  await listener.close();
  expect(existsSync(path)).toBe(false);
});

test('cuts a connection that has not its whole answer, when it closes', async () => {
  await listener.listenOnSocket(path);
  const visitor = (await visit()).resume();
  const closed = once(visitor, 'close');
  await listener.close();
  await closed;
  expect(listener.connections).toBe(0);
});

test('when it stops it lets nobody in, and waits for those who are there', async () => {
  await listener.listenOnSocket(path);
  const visitor = await visit();
  let hasStopped = false;
  const stopping = listener.stop().then(() => { hasStopped = true; });
  const [error] = await once(connect(path), 'error');
  expect(['ENOENT', 'ECONNREFUSED']).toContain(error.code);
  expect(hasStopped).toBe(false);
  visitor.destroy();
  accepted[0]!.destroy();
  await stopping;
});

test('takes the place of a dead socket, and of nothing else', async () => {
  const dead = join(folder, 'dead');
  const server = createServer().listen(dead);
  await once(server, 'listening');
  await expect(listener.listenOnSocket(dead)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  await removeDeadSocket(dead);
  expect(existsSync(dead)).toBe(true);
  server.close();
  writeFileSync(path, 'precious');
  await expect(listener.listenOnSocket(path)).rejects.toMatchObject({ code: 'USAGE' });
  await removeDeadSocket(path);
  expect(existsSync(path)).toBe(true);
});

test('in a folder it has the name that PostgreSQL looks for', () => {
  expect(socketPathFor(folder, 15432)).toBe(join(folder, '.s.PGSQL.15432'));
  expect(socketPathFor(path, 15432)).toBe(path);
});

test('a path may have 103 bytes, in a folder with the longest port', async () => {
  const filled = (length: number): string => `${folder}/${'x'.repeat(length - folder.length - 1)}`;
  await expect(checkSocketPath(filled(103))).resolves.toBeUndefined();
  await expect(checkSocketPath(filled(104))).rejects.toThrow('too long (104 bytes, at most 103)');
  await expect(checkSocketPath(`${folder}/${'ä'.repeat(60)}`)).rejects.toThrow('too long');
});
