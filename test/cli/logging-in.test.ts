import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentThrough, type Through } from '../../src/cli/child-environment';
import { CLIENTS } from '../../src/cli/clients';
import { urlOf } from '../../src/cli/endpoint';
import type { Tunnels } from '../../src/cli/host';
import { ENGINES } from '../../src/engines';
import { runFake, VIEW } from './fake-host';

const LOGIN = { auth: 'secret', user: 'me', password: 'p@ss/word', database: 'app', trust: { file: '/ca.pem' } } as const;
const through = (engine: string, more: Partial<Through> = {}): Through => ({ tunnel: { ...VIEW, engine }, login: LOGIN, tls: 'prefer', ...more });
const REMOTE = VIEW.remote.host;

test.each<[string, Partial<Through>, object]>([
  ['aurora-postgresql', {}, { PGHOST: '127.0.0.1', PGUSER: 'me', PGPASSWORD: 'p@ss/word', PGDATABASE: 'app', PGSSLMODE: 'require', DATABASE_URL: 'postgresql://me:p%40ss%2Fword@127.0.0.1:15432/app' }],
  ['postgres', { tls: 'verify-full' }, { PGHOST: REMOTE, PGHOSTADDR: '127.0.0.1', PGPORT: '15432', PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem' }],
  ['postgres', { tls: 'verify-full', login: { auth: 'none', trust: {} } }, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' }],
  ['aurora-mysql', {}, { MYSQL_HOST: '127.0.0.1', MYSQL_TCP_PORT: '15432', MYSQL_PWD: 'p@ss/word', DATABASE_URL: 'mysql://me:p%40ss%2Fword@127.0.0.1:15432/app' }],
  ['mysql', { login: { ...LOGIN, auth: 'iam' } }, { LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: '1' }],
  ['redis', { overTls: true, login: { ...LOGIN, user: undefined, database: undefined } }, { REDISCLI_AUTH: 'p@ss/word', DATABASE_URL: 'rediss://:p%40ss%2Fword@127.0.0.1:15432/app' }],
  ['sqlserver', {}, { SQLCMDUSER: 'me', SQLCMDPASSWORD: 'p@ss/word', DATABASE_URL: 'sqlserver://127.0.0.1:15432;database=app;user=me;password={p@ss/word}' }],
  ['oracle', {}, { TUNNEL_USER: 'me', TUNNEL_PASSWORD: 'p@ss/word', TUNNEL_DATABASE: 'app' }],
])('a command of %s is told how to log in: %#', (engine, more, expected) => {
  expect(environmentThrough(through(engine, more), {})).toMatchObject(expected);
});

test('what the caller says of TLS counts, and nothing is said where nobody looked', () => {
  expect(environmentThrough(through('postgres'), { PGSSLMODE: 'no-verify' }).PGSSLMODE).toBe('no-verify');
  expect(environmentThrough(through('postgres', { login: { ...LOGIN, trust: undefined } }), {}).PGSSLMODE).toBeUndefined();
});

test.each([
  ['postgres', { verified: {} }, `postgresql://${REMOTE}:15432/app?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=system`],
  ['redis', { overTls: true }, 'rediss://127.0.0.1:15432/app'],
  ['redis', { overTls: false }, 'redis://127.0.0.1:15432/app'],
  ['docdb', { overTls: true, user: 'me' }, 'mongodb://me@127.0.0.1:15432/app?directConnection=true&retryWrites=false&tls=true&tlsAllowInvalidHostnames=true&authSource=admin'],
  ['sqlserver', {}, 'sqlserver://127.0.0.1:15432;database=app'],
  ['sqlserver', { database: 'my }app', password: '' }, 'sqlserver://127.0.0.1:15432;database={my }}app};password='],
])('a URL to %s, %j, is %s', (engine, parts, expected) => {
  expect(urlOf({ ...VIEW, engine }, parts)).toBe(expected);
});

test.each<[string, Partial<Through>, string[]]>([
  ['psql', {}, []],
  ['mysql', {}, ['--host=127.0.0.1', '--port=15432', '--user=me', '--ssl-ca=/ca.pem', '--database=app']],
  ['redis-cli', { overTls: true }, ['-h', '127.0.0.1', '-p', '15432', '--tls', '--sni', REMOTE, '--cacert', '/ca.pem', '--user', 'me']],
  ['redis-cli', { overTls: false, login: { auth: 'none' } }, ['-h', '127.0.0.1', '-p', '15432']],
  ['redis-cli', { overTls: true, login: { auth: 'none' } }, ['-h', '127.0.0.1', '-p', '15432', '--tls', '--sni', REMOTE, '--insecure']],
  ['sqlcmd', {}, ['-S', 'tcp:127.0.0.1,15432']],
  ['sqlplus', {}, ['me@//127.0.0.1:15432/app']],
  ['curl', {}, ['--connect-to', '::127.0.0.1:15432', '--cacert', '/ca.pem', `https://${REMOTE}:5432/`]],
])('%s is told on its command line what its environment cannot, and never a password', (name, more, expected) => {
  const args = CLIENTS[name]!.arguments?.(through('x', more)) ?? [];
  expect(args).toEqual(expected);
  expect(args.join(' ')).not.toContain(LOGIN.password);
});

test('every client of an engine is in the table, and speaks its language', () => {
  for (const { client, probe } of Object.values(ENGINES)) {
    if (client !== undefined) expect([client, CLIENTS[client]?.speaks]).toEqual([client, probe]);
  }
});

/** Opens, after the request's own look at the target. */
const opening = (engine: string): Tunnels['openTunnel'] => async (request) => {
  request.check?.({ name: VIEW.name, engine });
  return { ...VIEW, engine, reused: false };
};

test.each([
  [['mysql', 'ahbodedb'], 'aurora-postgresql', 'which mysql does not speak', 'connect psql ahbodedb'],
  [['psql', 'ahbodedb'], 'docdb', 'which psql does not speak', 'connect shell ahbodedb'],
  [['shell', 'ahbodedb'], 'memcached', 'no client for memcached', 'connect ahbodedb -- <command>'],
])('connect %j of %s is exit code 2, with what to type', async (args, engine, what, next) => {
  const { exit, stderr } = await runFake(args, { tunnels: { openTunnel: opening(engine) } });
  expect(exit).toBe(2);
  expect(stderr).toContain(what);
  expect(stderr).toContain(`next:  ${next}\n`);
});

describe('with programs of our own', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'connect-clients-')); });
  afterEach(async () => { await rm(folder, { recursive: true }); });

  test('a client that is not installed is exit code 127, with how to get it', async () => {
    const { exit, stderr } = await runFake(['redis-cli', 'ahbodedb'], { environment: { PATH: folder }, tunnels: { openTunnel: opening('valkey') } });
    expect({ exit, stderr }).toEqual({ exit: 127, stderr: expect.stringContaining('apt-get install redis-tools') });
  });

  test('what stands after -- comes after our own arguments, and its exit code is ours', async () => {
    await writeFile(join(folder, 'valkey-cli'), '#!/bin/sh\n[ "$*" = "-h 127.0.0.1 -p 15432 PING --json" ] || exit 1\nexit 42\n', { mode: 0o755 });
    const environment = { PATH: `${folder}:${process.env.PATH}` };
    expect((await runFake(['shell', 'ahbodedb', '--', 'PING', '--json'], { environment, tunnels: { openTunnel: opening('valkey') } })).exit).toBe(42);
  });

  test.each([
    ['is not there', async () => undefined, 'cannot be read'],
    ['holds no certificate', async (path: string) => writeFile(path, 'hello'), 'holds no certificate'],
  ])('fails with exit code 2, before anything is opened, when the file of --ca %s', async (_, prepare, why) => {
    const path = join(folder, 'ca.pem');
    await prepare(path);
    expect(await runFake(['psql', 'ahbodedb', '--ca', path])).toMatchObject({ exit: 2, loaded: false, stderr: expect.stringContaining(why) });
  });
});

test('to want proof and to do without is exit code 2', async () => {
  expect(await runFake(['psql', 'db', '--tls', 'verify-full', '--insecure-tls'])).toMatchObject({ exit: 2, loaded: false });
});

test('a client has the database prove who it is, where it can; any other command does when it is told to', async () => {
  const verified = async (...args: string[]): Promise<boolean | undefined> => {
    const logIn = jest.fn<ReturnType<Tunnels['logIn']>, Parameters<Tunnels['logIn']>>(async () => ({ auth: 'none' }));
    const environment = { PATH: '/nowhere' };
    await runFake(args, { environment, tunnels: { openTunnel: opening('postgres'), canVerifyTls: () => true, logIn } });
    return logIn.mock.calls[0]?.[1].verify;
  };
  expect(await verified('psql', 'db')).toBe(true);
  expect(await verified('psql', 'db', '--tls', 'prefer')).toBe(false);
  expect(await verified('psql', 'db', '--insecure-tls')).toBe(false);
  expect(await verified('db', '--', 'x')).toBe(false);
  expect(await verified('db', '--tls', 'verify-full', '--', 'x')).toBe(true);
});

test('a URL to what has none is exit code 2, and its parts are there all the same', async () => {
  const tunnels = { openTunnel: opening('oracle') };
  expect(await runFake(['url', 'ahbodedb'], { tunnels })).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('--json') });
  expect((await runFake(['url', 'ahbodedb', '--json'], { tunnels })).json).toMatchObject({ engine: 'oracle', port: 15432, remoteHost: REMOTE });
});
