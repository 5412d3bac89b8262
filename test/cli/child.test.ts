import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../../src/cli/child';
import { environmentThrough as throughTunnelOf, type Through } from '../../src/cli/child-environment';
import type { Environment } from '../../src/cli/host';
import { eventually } from '../support/eventually';
import { runFake, VIEW } from './fake-host';

const NODE = process.execPath;
/** What leads a program through the tunnel of VIEW. */
const ENDPOINT = {
  PGHOST: '127.0.0.1',
  PGPORT: '15432',
  PGDATABASE: 'app',
  DATABASE_URL: 'postgresql://127.0.0.1:15432/app',
  TUNNEL_HOST: '127.0.0.1',
  TUNNEL_PORT: '15432',
};
let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'connect-child-')); });
afterEach(async () => { await rm(folder, { recursive: true }); });

const throughTunnel = async (...command: string[]): ReturnType<typeof runFake> =>
  runFake(['ahbodedb', '--', ...command], { environment: process.env, tunnels: { openTunnel: async () => ({ ...VIEW, reused: false }) } });

test('the exit code of a command is ours', async () => {
  expect(await throughTunnel(NODE, '-e', 'process.exit(42)')).toMatchObject({ exit: 42, stdout: '' });
});

test('a command that a signal ended is 128 and the number of the signal', async () => {
  expect((await throughTunnel(NODE, '-e', 'process.kill(process.pid, "SIGKILL")')).exit).toBe(137);
});

test('a command has the endpoint in its environment, and its arguments untouched', async () => {
  const path = join(folder, 'seen.json');
  const program = 'require("fs").writeFileSync(process.argv[1], JSON.stringify([process.env, process.argv.slice(2)]))';
  expect((await throughTunnel(NODE, '-e', program, path, '007', '--json', '--', '-p')).exit).toBe(0);
  const [environment, args] = JSON.parse(await readFile(path, 'utf8'));
  expect(environment).toMatchObject({
    ...ENDPOINT,
    PATH: process.env.PATH,
  });
  expect(args).toEqual(['007', '--json', '--', '-p']);
});

test('fails with exit code 127 when there is no such command', async () => {
  const { exit, stderr } = await throughTunnel('no-such-program');
  expect(exit).toBe(127);
  expect(stderr).toMatch(/^error: command not found: no-such-program\nnext: /m);
});

test('fails with exit code 126 when the command cannot be executed', async () => {
  const path = join(folder, 'plain');
  await writeFile(path, 'text');
  expect(await throughTunnel(path)).toMatchObject({ exit: 126, stderr: expect.stringContaining('chmod +x') });
});

test('fails with exit code 126, and quotes nothing, when a program cannot be told what it is to be told', async () => {
  const failure = await runChild([NODE, '--version'], { PGPASSWORD: 's3cret\0' }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ exit: 126, message: expect.stringContaining('hold a NUL') });
  expect(JSON.stringify([failure, (failure as Error).stack])).not.toContain('s3cret');
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s is passed to the command', async (signal) => {
  const [ready, program] = [join(folder, 'ready'), `process.on("${signal}", () => process.exit(7)); require("fs").writeFileSync(process.argv[1], ""); setInterval(() => {}, 1000)`];
  const exit = runChild([NODE, '-e', program, ready], process.env);
  await eventually(() => existsSync(ready), Boolean);
  process.emit(signal, signal);
  expect(await exit).toBe(7);
  expect(process.listenerCount(signal)).toBe(0);
});

test.each(['stdin', 'stdout', 'stderr'] as const)('Ctrl-C is not passed on where %s is a terminal, which has sent it to the command itself', async (name) => {
  const isTTY = Object.getOwnPropertyDescriptor(process[name], 'isTTY');
  Object.defineProperty(process[name], 'isTTY', { value: true, configurable: true });
  const [ready, program] = [join(folder, 'ready'), `process.on("SIGINT", () => process.exit(7)); process.on("SIGTERM", () => process.exit(8));
    require("fs").writeFileSync(process.argv[1], ""); setInterval(() => {}, 1000)`];
  const exit = runChild([NODE, '-e', program, ready], process.env);
  await eventually(() => existsSync(ready), Boolean);
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGTERM', 'SIGTERM');
  expect(await exit).toBe(8);
  delete (process[name] as { isTTY?: boolean }).isTTY;
  if (isTTY) Object.defineProperty(process[name], 'isTTY', isTTY);
});

test('--foreground closes what it opened once the command has ended', async () => {
  const closeTunnels = jest.fn(async () => [VIEW]);
  await runFake(['ahbodedb', '--foreground', '--', NODE, '-e', ''], {
    environment: process.env, tunnels: { openTunnel: async () => ({ ...VIEW, reused: false }), closeTunnels },
  });
  expect(closeTunnels).toHaveBeenCalledTimes(1);
});

const environmentThrough = (tunnel: Through['tunnel'], environment: Environment, through: Partial<Through> = {}): Environment =>
  throughTunnelOf({ tunnel, tls: 'prefer', login: { auth: 'none', database: tunnel.database }, ...through }, environment);

test('what would lead PostgreSQL past the tunnel is taken out of the environment', () => {
  expect(environmentThrough(VIEW, { PGHOSTADDR: '10.0.0.1', PGSERVICE: 'prod', PGUSER: 'me' })).toEqual({
    PGUSER: 'me',
    ...ENDPOINT,
    TUNNEL_DATABASE: 'app',
  });
});

test('an engine that is not in the table has host and port under our own names only', () => {
  expect(environmentThrough({ ...VIEW, engine: 'neptune', database: undefined }, {})).toEqual({ TUNNEL_HOST: '127.0.0.1', TUNNEL_PORT: '15432' });
});

test('a name in the URL is encoded', () => {
  expect(environmentThrough({ ...VIEW, database: 'my app' }, {}).DATABASE_URL).toBe('postgresql://127.0.0.1:15432/my%20app');
  const documents = { ...VIEW, engine: 'docdb', database: undefined };
  expect(environmentThrough(documents, {}).DATABASE_URL).toBe('mongodb://127.0.0.1:15432/?directConnection=true&retryWrites=false');
  expect(environmentThrough({ ...documents, database: 'app' }, {}).DATABASE_URL).toBe('mongodb://127.0.0.1:15432/app?directConnection=true&retryWrites=false');
});
