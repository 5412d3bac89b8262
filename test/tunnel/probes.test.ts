import { isTunnelHealthy, waitUntilHealthy } from '../../src/tunnel/probes';
import { startPostgres } from '../support/postgres';
import { answer, hangUp, serve, silence, sockets, type Talk } from './probe-servers';

const greeting = (kind: number, text: string) => Buffer.concat([Buffer.from([text.length + 1, 0, 0, 0, kind]), Buffer.from(text)]);
const mysqlPacket = (sequence: number, payload: string) => Buffer.concat([Buffer.from([payload.length, 0, 0, sequence]), Buffer.from(payload, 'latin1')]);

test('a real PostgreSQL is healthy until it is stopped', async () => {
  const { port, stop } = await startPostgres();
  expect(await isTunnelHealthy({ engine: 'aurora-postgresql', port, timeout: 5000 })).toBe(true);
  await stop();
  expect(await isTunnelHealthy({ engine: 'aurora-postgresql', port, timeout: 5000 })).toBe(false);
});

test.each<[string, string, boolean, Talk]>([
  ['postgres', 'says that it speaks TLS', true, answer(8, 'S')],
  ['postgres', 'says that it speaks no TLS', true, answer(8, 'N')],
  ['postgres', 'says something else', false, answer(8, 'HTTP/1.1 400')],
  ['postgres', 'hangs up', false, hangUp],
  ['mysql', 'greets and hangs up', true, (socket) => void socket.end(greeting(10, '8.0.36\0'))],
  ['mysql', 'has too many connections', true, answer(0, greeting(0xff, '\x10\x04Too many connections'))],
  ['mysql', 'is no MySQL', false, answer(0, 'SSH-2.0-OpenSSH')],
  ['mysql', 'hangs up', false, hangUp],
  ['redis', 'says PONG', true, answer(6, '+PONG\r\n')],
  ['redis', 'wants a password', true, answer(6, '-NOAUTH Authentication required.\r\n')],
  ['redis', 'says that this is an error', true, answer(6, '-ERR unknown command\r\n')],
  ['redis', 'is loading', false, answer(6, '-LOADING Redis is loading the dataset in memory\r\n')],
  ['redis', 'hangs up', false, hangUp],
  ['oracle-ee', 'keeps the connection', true, silence],
  ['oracle-ee', 'speaks', true, answer(0, 'hello')],
  ['oracle-ee', 'hangs up', false, hangUp],
  ['an engine of tomorrow', 'keeps the connection', true, silence],
])('%s that %s is healthy: %s', async (engine, _, healthy, talk) => {
  expect(await isTunnelHealthy({ engine, port: await serve(talk), timeout: 5000 })).toBe(healthy);
});

test('a mysql that greets is told a whole login, so that it counts no interrupted handshake against the bastion', async () => {
  const said: string[] = [];
  const packets = [mysqlPacket(2, '\xfemysql_native_password\0'), mysqlPacket(4, '\xff\x15\x04#28000Access denied')];
  const port = await serve((socket) => {
    socket.write(mysqlPacket(0, '\x0a8.0.36\0'));
    socket.on('data', (bytes) => {
      said.push(bytes.toString('latin1'));
      socket.write(packets.shift()!);
    });
  });
  expect(await isTunnelHealthy({ engine: 'mysql', port, timeout: 5000 })).toBe(true);
  const [login, switched] = said;
  expect(Buffer.from(login!, 'latin1').readUIntLE(0, 3)).toBe(login!.length - 4);
  expect(login!.slice(3)).toMatch(/^\x01[^]{32}connect-probe\0\0mysql_native_password\0$/);
  expect(switched).toBe('\0\0\0\x03');
  expect(packets).toEqual([]);
});

test.each(['postgres', 'mysql', 'redis'])('%s that says nothing is not healthy once the time is over', async (engine) => {
  const startedAt = performance.now();
  expect(await isTunnelHealthy({ engine, port: await serve(silence), timeout: 200 })).toBe(false);
  expect(performance.now() - startedAt).toBeGreaterThan(150);
});

test('a probe leaves no connection behind', async () => {
  const port = await serve(answer(8, 'N'));
  await isTunnelHealthy({ engine: 'postgres', port, timeout: 5000 });
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('fails with the signal\'s reason when it is aborted', async () => {
  const stop = new AbortController();
  const port = await serve(() => stop.abort(new Error('enough')));
  await expect(isTunnelHealthy({ engine: 'postgres', port, timeout: 5000, signal: stop.signal })).rejects.toThrow('enough');
  await expect(waitUntilHealthy({ engine: 'postgres', port, timeout: 5000, signal: stop.signal })).rejects.toThrow('enough');
});

test('waits for a database that starts to answer, and says that it does', async () => {
  let connections = 0;
  const port = await serve((socket) => (++connections < 3 ? hangUp : answer(8, 'N'))(socket));
  const waited: number[] = [];
  expect(await waitUntilHealthy({ engine: 'postgres', port, timeout: 20_000, onWaiting: (milliseconds) => void waited.push(milliseconds) })).toBe(true);
  expect(connections).toBe(3);
  expect(waited).toHaveLength(2);
});

test('has patience with a database that takes long over one answer, and asks again', async () => {
  let connections = 0;
  const port = await serve((socket) => (++connections === 1 ? silence : answer(8, 'N'))(socket));
  expect(await waitUntilHealthy({ engine: 'postgres', port, timeout: 20_000 })).toBe(true);
  expect(connections).toBe(2);
});

test('gives up when the time is over', async () => {
  const startedAt = performance.now();
  expect(await waitUntilHealthy({ engine: 'postgres', port: await serve(hangUp), timeout: 600 })).toBe(false);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(600);
});
