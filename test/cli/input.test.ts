import type { Tunnels } from '../../src/cli/host';
import type { TunnelRequest } from '../../src/tunnel/tunnel';
import { runFake, VIEW } from './fake-host';

const openTunnelMock = () => jest.fn<ReturnType<Tunnels['openTunnel']>, Parameters<Tunnels['openTunnel']>>(async () => ({ ...VIEW, reused: false }));

/** The request that a command line comes to. */
async function requestOf(args: string[], environment: Record<string, string> = {}): Promise<TunnelRequest> {
  const openTunnel = openTunnelMock();
  const { exit, stderr } = await runFake(args, { tunnels: { openTunnel }, environment });
  if (exit !== 0) throw new Error(stderr);
  return openTunnel.mock.calls[0]![0];
}

test('a target alone asks for its writer, with defaults for all else', async () => {
  expect(await requestOf(['ahbodedb'])).toEqual({
    into: { target: 'ahbodedb' }, role: 'writer', port: undefined, prefix: '/tunnelable-rds', timeout: 180_000, transport: 'native', reason: undefined,
  });
});

test('the verb `open` may be said', async () => {
  expect((await requestOf(['open', 'ahbodedb'])).into).toEqual({ target: 'ahbodedb' });
});

test('every flag of opening arrives', async () => {
  const args = ['-p', '15432', '--role', 'reader', '--prefix', '/team', '--timeout', '1.5', '--transport', 'aws-cli', '--reason', 'look at a row'];
  expect(await requestOf(['ahbodedb', ...args])).toEqual({
    into: { target: 'ahbodedb' }, role: 'reader', port: 15432, prefix: '/team', timeout: 1500, transport: 'aws-cli', reason: 'look at a row',
  });
});

test('a cluster and a bastion stand in place of a target', async () => {
  expect((await requestOf(['--bastion', 'vpc-main-bastion', '--cluster', 'ahbodedb'])).into).toEqual({ cluster: 'ahbodedb', bastion: 'vpc-main-bastion' });
});

test('region and profile go into the context', async () => {
  const openTunnel = openTunnelMock();
  await runFake(['ahbodedb', '--region', 'eu-central-1', '--profile', 'dev'], { tunnels: { openTunnel } });
  expect(openTunnel.mock.calls[0]![1].aws).toEqual({ region: 'eu-central-1', profile: 'dev' });
});

test('a variable says what no flag says', async () => {
  const variables = { CONNECT_PORT: '15440', CONNECT_ROLE: 'reader', CONNECT_TIMEOUT: '9', CONNECT_TRANSPORT: 'aws-cli' };
  expect(await requestOf(['ahbodedb'], variables)).toMatchObject({ port: 15440, role: 'reader', timeout: 9000, transport: 'aws-cli' });
});

test('a flag wins over its variable, even over a bad one', async () => {
  expect(await requestOf(['ahbodedb', '--port', '1'], { CONNECT_PORT: 'tcp://10.0.0.1:5432' })).toMatchObject({ port: 1 });
});

test('variables of others that start the same are not read', async () => {
  expect(await requestOf(['ahbodedb'], { CONNECT_BOOTSTRAP_SERVERS: '', CONNECT_ALL: 'x', CONNECT_STOP_BASTION: 'x' })).toMatchObject({ role: 'writer' });
});

test('a typed target wins over a cluster of the environment', async () => {
  expect((await requestOf(['ahbodedb'], { CONNECT_CLUSTER: 'other', CONNECT_BASTION: 'b' })).into).toEqual({ target: 'ahbodedb' });
});

test.each([
  ['port too high', ['db', '--port', '70000'], '"70000"'],
  ['port much too high', ['db', '--port', '7775432'], '"7775432"'],
  ['port no number', ['db', '--port', 'abc'], '"abc"'],
  ['port negative', ['db', '--port', '-1'], '"-1"'],
  ['port a fraction', ['db', '--port', '1.5'], '"1.5"'],
  ['port in hexadecimal', ['db', '--port', '0x10'], '"0x10"'],
  ['port empty', ['db', '--port', ''], '--port is empty'],
  ['port empty behind =', ['db', '--port='], '--port is empty'],
  ['port missing', ['db', '--port'], '--port has no value'],
  ['port a flag', ['db', '--port', '--quiet'], '--port has no value'],
  ['port twice', ['db', '--port', '1', '-p', '2'], '--port was given 2 times: 1, 2'],
  ['role unknown', ['db', '--role', 'admin'], 'expected writer or reader'],
  ['role twice', ['db', '--role', 'reader', '--role', 'reader'], '--role was given 2 times'],
  ['region no region', ['db', '--region', 'mars'], 'such as us-east-1'],
  ['profile blank', ['db', '--profile', ' '], 'the name of a profile'],
  ['prefix of AWS', ['db', '--prefix', '/aws/x'], 'Parameter Store keeps'],
  ['timeout zero', ['db', '--timeout', '0'], 'more than 0'],
  ['timeout no number', ['db', '--timeout', '3m'], '"3m"'],
  ['transport unknown', ['db', '--transport', 'ssh'], 'expected native or aws-cli'],
  ['name empty', [''], 'it is empty'],
  ['name too long', ['a'.repeat(129)], '129 characters'],
  ['name with a slash', ['../db'], 'must start with a letter or digit'],
  ['name with a space', ['my db'], 'only letters'],
  ['name with a newline', ['db\n'], 'only letters'],
  ['name of a command', ['version'], 'the name is reserved for a command'],
  ['user blank', ['db', '--user', ''], '--user is empty'],
  ['way to log in unknown', ['db', '--auth', 'kerberos'], 'expected iam or secret or none'],
  ['TLS unknown', ['psql', 'db', '--tls', 'off'], 'expected verify-full or prefer'],
  ['a user where nobody logs in', ['db', '--user', 'me'], '--user was given, and no command that logs in'],
  ['TLS where nobody logs in', ['db', '--tls', 'prefer', '--foreground'], '--tls was given, and no command that logs in'],
  ['close without a command', ['db', '--close'], 'no command to close the tunnel after'],
  ['name bad for another verb', ['status', 'a b'], 'only letters'],
  ['cluster no identifier', ['--bastion', 'b', '--cluster', 'a--b'], 'single hyphens'],
  ['cluster without bastion', ['--cluster', 'c'], 'without --bastion'],
  ['bastion without cluster', ['--bastion', 'b'], 'without --cluster'],
  ['target and cluster', ['db', '--bastion', 'b', '--cluster', 'c'], 'both given'],
  ['no target to close', ['close'], 'no target was given to `connect close`'],
  ['target and all', ['close', 'db', '--all'], 'both given'],
  ['flag that every object has', ['db', '--constructor'], 'unknown flag --constructor'],
  ['flag that every object has, with a value', ['db', '--toString', 'y'], 'unknown flag --toString'],
  ['flag that every object has, behind =', ['db', '--hasOwnProperty=1'], 'unknown flag --hasOwnProperty'],
  ['flag that is the prototype', ['db', '--__proto__', 'z'], 'unknown flag --__proto__'],
  ['switch with a value', ['db', '--json=1'], '"--json=1" has a value'],
  ['nothing after --', ['db', '--'], 'no command after --'],
  ['an empty command after --', ['db', '--', ''], 'no command after --'],
  ['a command where none is run', ['close', 'db', '--', 'psql'], 'runs no command'],
])('fails with exit code 2, before anything happens, when: %s', async (_, args, expected) => {
  const { exit, stdout, stderr, loaded } = await runFake(args);
  expect({ exit, stdout, loaded }).toEqual({ exit: 2, stdout: '', loaded: false });
  expect(stderr).toContain(expected);
  expect(stderr).toMatch(/^next: {2}\S/m);
});

test.each([
  ['CONNECT_PORT', '70000'], ['CONNECT_PORT', 'abc'], ['CONNECT_PORT', ''], ['CONNECT_ROLE', 'admin'], ['CONNECT_REGION', 'mars'], ['CONNECT_TIMEOUT', '-1'],
  ['CONNECT_PREFIX', 'x'], ['CONNECT_TRANSPORT', 'ssh'], ['CONNECT_JSON', 'yes'], ['CONNECT_FOREGROUND', '2'],
])('fails with exit code 2 and names the variable when %s is "%s"', async (name, text) => {
  const { exit, stderr, loaded } = await runFake(['db'], { environment: { [name]: text } });
  expect({ exit, loaded }).toEqual({ exit: 2, loaded: false });
  expect(stderr).toContain(`error: ${name} is `);
});

test.each([
  ['flag', ['db', '--prot', '1'], 'unknown flag --prot', 'did you mean --port?'],
  ['flag that is far from all', ['db', '--zzzzzzzz'], 'unknown flag --zzzzzzzz', 'connect open --help'],
  ['short flag', ['db', '-x'], 'unknown flag -x', 'connect open --help'],
  ['flag by the name of an argument', ['--target', 'db'], 'unknown flag --target', 'connect open --help'],
  ['flag of another command', ['list', '--all'], '`connect list` does not take --all', '--help'],
  ['verb', ['stauts', 'db'], 'unexpected argument "db"', 'did you mean connect status db?'],
  ['argument to a verb that takes none', ['list', 'foo'], 'unexpected argument "foo"', 'connect list --help'],
  ['command without --', ['db', 'psql'], 'unexpected argument "psql"', 'connect db -- psql'],
])('fails with exit code 2 and a suggestion when it gets a wrong %s', async (_, args, what, suggestion) => {
  const { exit, stderr, loaded } = await runFake(args);
  expect({ exit, loaded }).toEqual({ exit: 2, loaded: false });
  expect(stderr).toContain(what);
  expect(stderr).toContain(suggestion);
});

test('fails with exit code 2 and the names that are known, when nobody says which target a client is for', async () => {
  const { exit, stderr } = await runFake(['psql'], { tunnels: { cachedTargetNames: () => ['ahbodedb'] } });
  expect(exit).toBe(2);
  expect(stderr).toBe('error: no target was given\nnext:  connect <target>, one of: ahbodedb\n');
});

test.each(['constructor', 'toString'])('a target may be called %s', async (name) => {
  expect((await requestOf([name])).into).toEqual({ target: name });
});

test('fails with a plain error when the working directory is gone', async () => {
  const cwd = jest.spyOn(process, 'cwd').mockImplementation(() => { throw new Error('uv_cwd'); });
  const { exit, stderr, loaded } = await runFake(['list']);
  cwd.mockRestore();
  expect({ exit, loaded }).toEqual({ exit: 1, loaded: false });
  expect(stderr).toMatch(/^error: the working directory does not exist any more\nnext: {2}cd /);
});

test('without anything it shows how to use it, as an error: a script whose $TARGET is unset must not go on', async () => {
  const { exit, stdout, stderr } = await runFake([]);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain('connect ahbodedb --port 15432');
  expect(stderr.split('\n').length).toBeLessThan(12);
});

test('help shows an example before all else, and names every command and exit code', async () => {
  const { exit, stdout } = await runFake(['--help']);
  expect(exit).toBe(0);
  expect(stdout.split('\n')[2]).toContain('connect ahbodedb --port 15432');
  for (const verb of ['open', 'status', 'close', 'list', 'targets', 'logs']) expect(stdout).toContain(`connect ${verb}`);
  for (const flag of ['--port', '--role', '--region', '--timeout', '--transport']) expect(stdout).toContain(flag);
});

test('help of a command shows its own flags', async () => {
  const { stdout } = await runFake(['close', '--help']);
  expect(stdout).toContain('--stop-bastion');
  expect(stdout).not.toContain('--transport');
});

test('prints its version and nothing else', async () => {
  expect(await runFake(['--version'])).toMatchObject({ exit: 0, stdout: '0.0.0\n', stderr: '' });
});

test('a verb is found behind flags', async () => {
  expect((await runFake(['--quiet', 'list', 'db'])).stderr).toContain('connect list --help');
});
