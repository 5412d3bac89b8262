import { mkdirSync, readdirSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { testWith } from '../support/optional-tools';
import { AUTHORITY } from '../support/postgres';
import { exampleDescriptor } from './support/descriptor';
import { describe, putSecret, standInPsql } from './support/logging-in';
import { scenario } from './support/scenario';

/** The world's own would come before any other. */
const NO_PASSWORD = { PGPASSWORD: undefined };

scenario('connect psql logs in with the secret of the descriptor, over TLS that names the host, and --close leaves nothing', async (world) => {
  const { connect, aws, postgres, nothingLeft } = world;
  putSecret(world);
  const environment = { ...NO_PASSWORD, PATH: await standInPsql(world) };
  const distrusted = await connect('psql ahbodedb --port 0 --close', { environment });
  expect(distrusted).toMatchObject({ exit: 8, stdout: '' });
  expect(distrusted.stderr).toContain('mkdir -p ~/.postgresql && curl -o ~/.postgresql/root.crt https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem');
  expect(aws.calls.of('GetSecretValue')).toEqual([]);

  const { exit, stdout, stderr } = await connect(['psql', 'ahbodedb', '--port', '0', '--close', '--ca', AUTHORITY], { environment });
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: `${postgres.user}|t\n`, stderr: expect.stringContaining('the secret of the target, which the descriptor names') });
  expect(aws.calls.succeeded('GetSecretValue')).toHaveLength(1);
  await nothingLeft();
});

scenario('the real psql does, too, by the file that PostgreSQL\'s clients look for', async (world) => {
  const { connect, postgres, home } = world;
  putSecret(world);
  mkdirSync(join(home, '.postgresql'));
  await copyFile(AUTHORITY, join(home, '.postgresql', 'root.crt'));
  const sql = 'select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()';
  for (const command of [['psql'], ['shell']]) {
    const { exit, stdout, stderr } = await connect([...command, 'ahbodedb', '--port', '0', '--close', '--', '-Atc', sql], { environment: NO_PASSWORD });
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: `${postgres.user}|t\n`, stderr: expect.any(String) });
  }
  await rm(join(home, '.postgresql'), { recursive: true });
}, { run: testWith('psql') });

scenario('a password is for the database that it is of, and for none that another name leads to', async (world) => {
  const { connect, aws, closeAll } = world;
  const ca = ['--ca', AUTHORITY];
  const show = ['--', 'sh', '-c', 'echo "${PGPASSWORD:+there is a password}"'];
  putSecret(world, { host: 'other.cluster-c667d9560122.us-east-1.rds.amazonaws.com' });
  const foreign = await connect(['ahbodedb', '--port', '0', '--auth', 'secret', ...ca, ...show], { environment: NO_PASSWORD });
  expect(foreign).toMatchObject({ exit: 8, stdout: '', stderr: expect.stringContaining('is of other.cluster-c667d9560122') });
  // What was not asked for by name is no reason to fail.
  const unasked = await connect(['ahbodedb', '--port', '0', ...ca, ...show], { environment: NO_PASSWORD });
  expect(unasked).toMatchObject({ exit: 0, stdout: '\n', stderr: expect.stringContaining('warning: no password is handed out') });

  putSecret(world);
  aws.faults.deny('GetSecretValue', { times: 1 });
  const denied = await connect(['ahbodedb', '--port', '0', '--auth', 'secret', ...ca, ...show], { environment: NO_PASSWORD });
  expect(denied).toMatchObject({ exit: 8, stderr: expect.stringContaining('secretsmanager:GetSecretValue is not allowed') });
  expect((await connect(['ahbodedb', '--port', '0', ...ca, ...show], { environment: NO_PASSWORD })).stdout).toBe('there is a password\n');
  await closeAll();
});

scenario('a name that the certificate has not is exit code 8, and the secret stays where it is', async (world) => {
  const { connect, aws, closeAll } = world;
  const secretArn = putSecret(world);
  const { target } = exampleDescriptor(aws);
  describe(aws, { target: { ...target, host: { writer: 'db.evil.example' } }, credentials: { secretArn } });
  const { exit, stderr } = await connect(['ahbodedb', '--port', '0', '--auth', 'secret', '--ca', AUTHORITY, '--', 'true']);
  expect({ exit, stderr }).toEqual({ exit: 8, stderr: expect.stringContaining('it is not proven that the database is db.evil.example: its certificate is another\'s') });
  expect(aws.calls.of('GetSecretValue')).toEqual([]);
  await closeAll();
});

scenario('a token of IAM is made for the real host and the user, and only for a user', async (world) => {
  const { connect, aws, closeAll } = world;
  expect(await connect('ahbodedb --auth iam -- true')).toMatchObject({ exit: 2, stderr: expect.stringContaining('without a user') });
  expect(aws.calls.all()).toEqual([]);
  describe(aws, { credentials: { iam: true } });
  const program = `const token = new URL('https://' + process.env.PGPASSWORD), { searchParams: query } = token;
    console.log(token.host, process.env.PGUSER, process.env.PGSSLMODE, ...['Action', 'DBUser', 'X-Amz-Expires'].map((name) => query.get(name)))`;
  const { exit, stdout, stderr } = await connect(['ahbodedb', '--port', '0', '--ca', AUTHORITY, '--', process.execPath, '-e', program], { environment: { ...NO_PASSWORD, PGUSER: 'alice' } });
  const host = aws.clusters.get().endpoint;
  expect({ exit, stdout, stderr }).toEqual({
    exit: 0, stdout: `${host}:5432 alice require connect alice 900\n`, stderr: expect.stringContaining('a token of IAM for alice, as the descriptor says'),
  });
  await closeAll();
});

scenario('a client of another engine is exit code 2, before anything is opened', async ({ connect, aws, tunnels }) => {
  expect(await connect('mysql ahbodedb --port 0')).toMatchObject({ exit: 2, stderr: expect.stringMatching(/mysql does not speak\nnext: {2}connect psql ahbodedb$/m) });
  expect(aws.calls.of('StartSession')).toEqual([]);
  expect(readdirSync(tunnels)).toEqual([]);
});

scenario('connect url prints a URL, and the password in it only when asked', async (world) => {
  const { connect, postgres, canaries, closeAll } = world;
  putSecret(world);
  const { exit, stdout } = await connect('url ahbodedb --port 0 --user me', { environment: NO_PASSWORD });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/^postgresql:\/\/me@127\.0\.0\.1:\d+\/postgres\n$/) });
  const { json } = await connect('url ahbodedb --json', { environment: NO_PASSWORD });
  expect(json).toMatchObject({ engine: 'aurora-postgresql', host: '127.0.0.1', database: 'postgres', tls: 'prefer', remoteHost: world.aws.clusters.get().endpoint });
  expect(json.password).toBeUndefined();
  await canaries.look();
  // Past the watch for secrets, since this is to be one.
  const shown = await world.start(['url', 'ahbodedb', '--show-password', '--auth', 'secret', '--ca', AUTHORITY], { environment: NO_PASSWORD, stdin: '' }).finished;
  expect(shown.stdout).toMatch(new RegExp(`^postgresql://${postgres.user}:${postgres.password}@127\\.0\\.0\\.1:\\d+/postgres\\n$`));
  expect(shown.stderr).toContain('warning: the password is on the screen');
  await closeAll();
});

scenario('--close leaves a tunnel that another connect uses, and one that was open before; killed, it closes all the same', async (world) => {
  const { start, watch, connect, nothingLeft, status } = world;
  const waits = 'trap "" TERM; echo ready >&2; read line';
  const opener = start(['ahbodedb', '--port', '0', '--close', '--', 'sh', '-c', waits]);
  await opener.says('ready');
  const user = start(['ahbodedb', '--port', '0', '--close', '--', 'sh', '-c', waits]);
  await user.says('ready');
  opener.writeLine();
  const opened = await watch(opener);
  expect(opened).toMatchObject({ exit: 0, stderr: expect.stringContaining('stays open: another `connect` uses it') });
  expect(await status()).toMatchObject({ status: 'OPEN', holders: 1 });
  user.writeLine();
  expect(await watch(user)).toMatchObject({ exit: 0, stderr: expect.stringContaining('stays open: it was open already') });
  expect((await connect('close ahbodedb')).exit).toBe(0);

  const left = start(['ahbodedb', '--port', '0', '--close', '--', 'sh', '-c', `${waits}; exit 7`]);
  await left.says('ready');
  expect((await connect('close ahbodedb')).exit).toBe(0);
  left.writeLine();
  expect(await watch(left)).toMatchObject({ exit: 7, stderr: expect.not.stringContaining('stays open') });

  const killed = start(['ahbodedb', '--port', '0', '--close', '--', 'sh', '-c', waits]);
  await killed.says('ready');
  killed.kill('SIGKILL');
  killed.writeLine();
  await killed.finished;
  await nothingLeft(5);
});
