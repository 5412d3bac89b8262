import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { defaultPortFor, findFreePort, getPortOwner, isPortInUse } from '../../src/tunnel/ports';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => {
    server.close();
    await once(server, 'close');
  }));
});

async function listen(host: string, port: number = 0): Promise<number> {
  const server = createServer().listen({ host, port, ipv6Only: host === '::' });
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

const hasIpv6 = existsSync('/proc/net/if_inet6') || process.platform !== 'linux';
const HOSTS = ['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])];

test.each(HOSTS)('a port that somebody listens on at %s is in use, and its owner is known', async (host) => {
  const port = await listen(host);
  expect(await isPortInUse(port)).toBe(true);
  expect(getPortOwner(port)).toEqual({ pid: process.pid, program: expect.stringMatching(/./) });
});

test('a port that nobody listens on is free, and has no owner', async () => {
  const port = await listen('127.0.0.1');
  const [server] = servers.splice(0);
  server!.close();
  await once(server!, 'close');
  expect(await isPortInUse(port)).toBe(false);
  expect(getPortOwner(port)).toBeUndefined();
});

test('the owner is named by its program, never by its arguments', async () => {
  const child = spawn(process.execPath, ['-e', `
    const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
    process.stdin.resume().on('end', () => process.exit());
  `, '--', '--password=canary'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [bytes] = await once(child.stdout, 'data') as [Buffer];
  expect(getPortOwner(Number(bytes.toString()))).toEqual({ pid: child.pid, program: expect.not.stringContaining('canary') });
  child.stdin.end();
  await once(child, 'exit');
});

test('the next free port is the first from the one asked for', async () => {
  const port = await findFreePort(20000);
  await listen('127.0.0.1', port);
  const next = await findFreePort(port);
  expect(next).toBeGreaterThan(port);
  expect(await isPortInUse(next)).toBe(false);
});

test.each([0, 65536, 75432])('from %d on any free port will do', async (from) => {
  const port = await findFreePort(from);
  expect(port).toBeGreaterThan(1023);
  expect(port).toBeLessThan(65536);
  expect(await isPortInUse(port)).toBe(false);
});

test('the default port is the engine\'s and 10000, for a reader 20000', () => {
  expect(defaultPortFor(5432, 'writer')).toBe(15432);
  expect(defaultPortFor(3306, 'reader')).toBe(23306);
});
