import type { Tunnels } from '../../src/cli/host';
import { Problem } from '../../src/problem';
import { runFake, VIEW } from './fake-host';

const READER = { ...VIEW, role: 'reader' as const, port: 25432, pid: 4712 };

test('open prints the endpoint alone on stdout, and how to close it on stderr', async () => {
  const { exit, stdout, stderr } = await runFake(['ahbodedb'], { tunnels: { openTunnel: async () => ({ ...VIEW, reused: false }) } });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: '127.0.0.1:15432\n' });
  expect(stderr).toContain('connect close ahbodedb');
});

test('open --json prints the tunnel as one object', async () => {
  const { exit, json } = await runFake(['ahbodedb', '--json'], { tunnels: { openTunnel: async () => ({ ...VIEW, reused: true }) } });
  expect(exit).toBe(0);
  expect(json).toEqual({ ...VIEW, reused: true, url: 'postgresql://127.0.0.1:15432/app' });
});

test('open --quiet prints the endpoint and nothing else', async () => {
  const openTunnel: Tunnels['openTunnel'] = async (_, { log }) => {
    log.info('waiting');
    log.warn('odd');
    log.debug('detail');
    return { ...VIEW, reused: false };
  };
  expect(await runFake(['ahbodedb', '--quiet'], { tunnels: { openTunnel } })).toMatchObject({ stdout: '127.0.0.1:15432\n', stderr: '' });
});

test('progress goes to stderr, details only under --verbose', async () => {
  const openTunnel: Tunnels['openTunnel'] = async (_, { log }) => {
    log.info('bastion i-0abc is stopped: starting it');
    log.debug('pidfile is empty');
    return { ...VIEW, reused: false };
  };
  const normal = await runFake(['ahbodedb'], { tunnels: { openTunnel } });
  expect(normal.stderr).toContain('bastion i-0abc is stopped: starting it\n');
  expect(normal.stderr).not.toContain('pidfile');
  expect((await runFake(['ahbodedb', '--verbose'], { tunnels: { openTunnel } })).stderr).toContain('pidfile is empty\n');
});

test('a signal in the last moment of opening closes what was opened', async () => {
  const closeTunnels = jest.fn(async () => [VIEW]);
  const openTunnel: Tunnels['openTunnel'] = async () => {
    process.emit('SIGTERM', 'SIGTERM');
    return { ...VIEW, reused: false };
  };
  expect((await runFake(['ahbodedb'], { tunnels: { openTunnel, closeTunnels } })).exit).toBe(143);
  expect(closeTunnels).toHaveBeenCalledTimes(1);
});

test('status of an open tunnel shows it, with exit code 0', async () => {
  const { exit, stdout } = await runFake(['status', 'ahbodedb'], { tunnels: { findTunnels: async () => [VIEW] } });
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^ahbodedb {2}OPEN\n/);
  expect(stdout).toContain('127.0.0.1:15432');
  expect(stdout).not.toContain('undefined');
});

test('status of a closed tunnel is exit code 9, on stdout', async () => {
  expect(await runFake(['status', 'ahbodedb'], { tunnels: { findTunnels: async () => [] } })).toMatchObject({ exit: 9, stdout: 'ahbodedb  CLOSED\n' });
});

test('status --json has one shape for none, one and several', async () => {
  const of = async (...found: typeof VIEW[]): Promise<unknown> =>
    (await runFake(['status', 'ahbodedb', '--json'], { tunnels: { findTunnels: async () => found } })).json;
  expect(await of()).toEqual({ name: 'ahbodedb', status: 'CLOSED', tunnels: [] });
  expect(await of(VIEW)).toEqual({ name: 'ahbodedb', status: 'OPEN', tunnels: [VIEW] });
  expect(await of(VIEW, READER)).toEqual({ name: 'ahbodedb', status: 'OPEN', tunnels: [VIEW, READER] });
});

test('status, close and logs pass on all flags that say which tunnel', async () => {
  const [findTunnels, closeTunnels, readTunnelLog] = [jest.fn(async () => []), jest.fn(async () => []), jest.fn(async () => [])];
  const flags = ['ahbodedb', '--role', 'reader', '--port', '25432', '--region', 'us-east-1', '--profile', 'dev', '--bastion', 'b'];
  for (const verb of ['status', 'close', 'logs']) await runFake([verb, ...flags], { tunnels: { findTunnels, closeTunnels, readTunnelLog } });
  const filter = { name: 'ahbodedb', role: 'reader', port: 25432, region: 'us-east-1', profile: 'dev', bastion: 'b' };
  expect(findTunnels).toHaveBeenCalledWith(filter);
  expect(closeTunnels).toHaveBeenCalledWith(filter, expect.anything(), undefined);
  expect(readTunnelLog).toHaveBeenCalledWith(filter);
});

test('close lists what it closed', async () => {
  const { exit, stdout } = await runFake(['close', 'ahbodedb'], { tunnels: { closeTunnels: async () => [VIEW, READER] } });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'closed ahbodedb (writer) 127.0.0.1:15432\nclosed ahbodedb (reader) 127.0.0.1:25432\n' });
});

test('close of what is closed already says so, with exit code 0', async () => {
  const { exit, stdout, stderr } = await runFake(['close', 'ahbodedb'], { tunnels: { closeTunnels: async () => [] } });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
  expect(stderr).toBe('ahbodedb was closed already\n');
});

test('close --all closes without a name', async () => {
  const closeTunnels = jest.fn(async () => [VIEW]);
  expect((await runFake(['close', '--all', '--json'], { tunnels: { closeTunnels } })).json).toEqual({ closed: [VIEW] });
  expect(closeTunnels).toHaveBeenCalledWith({}, expect.anything(), undefined);
});

test('close --all means all, whatever the environment says, and less where a flag does', async () => {
  const closeTunnels = jest.fn(async () => []);
  const environment = { CONNECT_PORT: '15432', CONNECT_REGION: 'us-east-1', CONNECT_ROLE: 'reader' };
  await runFake(['close', '--all'], { tunnels: { closeTunnels }, environment });
  await runFake(['close', '--all', '--region', 'eu-west-1'], { tunnels: { closeTunnels }, environment });
  expect(closeTunnels.mock.calls.map(([filter]: any) => ({ ...filter }))).toEqual([{}, { region: 'eu-west-1' }]);
});

test('close --stop-bastion stops the bastion once for all tunnels through it', async () => {
  const stopBastion = jest.fn(async () => ({ instanceId: 'i-0abc', status: 'stopping' }));
  const { exit, stdout } = await runFake(['close', 'ahbodedb', '--stop-bastion'], { tunnels: { closeTunnels: async () => [VIEW, READER], stopBastion } });
  expect(exit).toBe(0);
  expect(stdout).toContain('bastion i-0abc is stopping');
  expect(stopBastion).toHaveBeenCalledTimes(1);
});

test('close --stop-bastion stops those that it can, says what it closed, and ends with the code of the one that it cannot', async () => {
  const group = { ...VIEW, bastion: { ...VIEW.bastion, instanceId: 'i-0group' } };
  const stopBastion: Tunnels['stopBastion'] = async (input) => {
    if ('tunnel' in input && input.tunnel.bastion.instanceId === 'i-0group') throw new Problem('USAGE', 'it is of a group', { next: 'leave it' });
    return { instanceId: 'i-0abc', status: 'STOPPING' };
  };
  const tunnels = { closeTunnels: async () => [group, VIEW], stopBastion };
  const { exit, stdout, stderr } = await runFake(['close', '--all', '--stop-bastion'], { tunnels });
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: 'error: it is of a group\nnext:  leave it\n' });
  expect(stdout).toBe('closed ahbodedb (writer) 127.0.0.1:15432\nclosed ahbodedb (writer) 127.0.0.1:15432\nbastion i-0abc is STOPPING\n');
  const { json } = await runFake(['close', '--all', '--stop-bastion', '--json'], { tunnels });
  expect(json).toMatchObject({ bastions: [{ instanceId: 'i-0abc' }], problems: [{ code: 'USAGE', exit: 2, message: 'it is of a group', next: 'leave it' }] });
});

test('close --stop-bastion finds the bastion of a target whose tunnel is closed', async () => {
  const stopBastion = jest.fn(async () => ({ instanceId: 'i-0abc', status: 'stopping' }));
  const { json } = await runFake(['close', 'ahbodedb', '--stop-bastion', '--json'], { tunnels: { closeTunnels: async () => [], stopBastion } });
  expect(json).toEqual({ closed: [], bastions: [{ instanceId: 'i-0abc', status: 'stopping' }] });
  expect(stopBastion).toHaveBeenCalledWith({ target: 'ahbodedb', prefix: '/tunnelable-rds' }, expect.anything());
});

test.each([
  [['ahbodedb'], [{ target: 'ahbodedb', prefix: '/tunnelable-rds' }]],
  [['--bastion', 'b'], [{ exid: 'b' }]],
  [['--all'], []],
])('close %j --stop-bastion, where no tunnel is open, stops %j', async (args, stops) => {
  const stopBastion = jest.fn(async () => ({ instanceId: 'i-0abc', status: 'STOPPING' }));
  expect((await runFake(['close', ...args, '--stop-bastion'], { tunnels: { closeTunnels: async () => [], stopBastion } })).exit).toBe(0);
  expect(stopBastion.mock.calls.map(([input]: any) => input)).toEqual(stops);
});

test('fails with exit code 3 when it is not known which bastion to stop', async () => {
  const { exit, stderr } = await runFake(['close', '--port', '15432', '--stop-bastion'], { tunnels: { closeTunnels: async () => [] } });
  expect({ exit, stderr }).toEqual({ exit: 3, stderr: expect.stringContaining('not known which bastion') });
});

test('list prints a row for each tunnel', async () => {
  const { exit, stdout } = await runFake(['list'], { tunnels: { findTunnels: async () => [VIEW, READER] } });
  expect(exit).toBe(0);
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^TARGET +ROLE +ENDPOINT/),
    expect.stringMatching(/^ahbodedb +writer +127\.0\.0\.1:15432 .* 4711 /),
    expect.stringMatching(/^ahbodedb +reader +127\.0\.0\.1:25432 .* 4712 /),
  ]);
});

test('list of nothing is empty on stdout, and an empty list under --json', async () => {
  const tunnels = { findTunnels: async () => [] };
  expect(await runFake(['list'], { tunnels })).toMatchObject({ exit: 0, stdout: '', stderr: expect.stringContaining('no tunnel is open') });
  expect((await runFake(['list', '--json'], { tunnels })).json).toEqual([]);
});

test('targets lists descriptors, and names those that cannot be read', async () => {
  const target = { name: 'ahbodedb', engine: 'aurora-postgresql', port: 5432, roles: ['writer', 'reader'] as const, account: '1', region: 'us-east-1', exid: 'b' };
  const listTargets = jest.fn(async () => ({ targets: [target], unreadable: [{ name: 'odd', why: 'it is not JSON' }] })) as unknown as Tunnels['listTargets'];
  const { exit, stdout, stderr } = await runFake(['targets', '--prefix', '/team'], { tunnels: { listTargets } });
  expect(exit).toBe(0);
  expect(stdout).toMatch(/ahbodedb +aurora-postgresql +5432 +writer,reader/);
  expect(stderr).toContain('odd was left out: it is not JSON');
  expect(listTargets).toHaveBeenCalledWith({ prefix: '/team' }, expect.anything());
  expect((await runFake(['targets', '--json'], { tunnels: { listTargets } })).json).toEqual([target]);
});

test('logs prints the lines, without what could steer a terminal', async () => {
  const readTunnelLog: Tunnels['readTunnelLog'] = async () => [{ tunnel: VIEW, path: '/x/a.log', lines: ['one', 'two \x1b[2Jred'] }];
  expect(await runFake(['logs', 'ahbodedb'], { tunnels: { readTunnelLog } })).toMatchObject({ exit: 0, stdout: 'one\ntwo [2Jred\n' });
});

test('logs of several tunnels names each file', async () => {
  const log = (path: string): Awaited<ReturnType<Tunnels['readTunnelLog']>>[number] => ({ tunnel: VIEW, path, lines: ['x'] });
  const { stdout } = await runFake(['logs', 'ahbodedb'], { tunnels: { readTunnelLog: async () => [log('/x/a.log'), log('/x/b.log')] } });
  expect(stdout).toBe('==> /x/a.log <==\nx\n\n==> /x/b.log <==\nx\n');
});

test('fails with exit code 3 when there is no log', async () => {
  expect((await runFake(['logs', 'ahbodedb'], { tunnels: { readTunnelLog: async () => [] } })).exit).toBe(3);
});

test('a problem is printed with what to type next, and is its exit code', async () => {
  const openTunnel: Tunnels['openTunnel'] = async () => { throw new Problem('PORT_TAKEN', 'port 15432 is taken by python3', { next: 'connect ahbodedb --port 0' }); };
  const { exit, stdout, stderr } = await runFake(['ahbodedb'], { tunnels: { openTunnel } });
  expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
  expect(stderr).toBe('error: port 15432 is taken by python3\nnext:  connect ahbodedb --port 0\n');
});

test('a problem under --json is one object on stdout', async () => {
  const openTunnel: Tunnels['openTunnel'] = async () => { throw new Problem('NOT_FOUND', 'no target "x"', { next: 'connect targets' }); };
  const { exit, json, stderr } = await runFake(['x', '--json'], { tunnels: { openTunnel } });
  expect(json).toEqual({ error: { code: 'NOT_FOUND', exit: 3, message: 'no target "x"', next: 'connect targets' } });
  expect({ exit, stderr }).toEqual({ exit: 3, stderr: '' });
});

test('a stack is shown under --verbose only, with the stacks of its causes', async () => {
  const openTunnel: Tunnels['openTunnel'] = async () => { throw new Error('boom', { cause: new Error('spark') }); };
  const normal = await runFake(['ahbodedb'], { tunnels: { openTunnel } });
  expect(normal.exit).toBe(1);
  expect(normal.stderr).not.toMatch(/^\s+at /m);
  const verbose = await runFake(['ahbodedb', '--verbose'], { tunnels: { openTunnel } });
  expect(verbose.stderr).toMatch(/Error: boom\n\s+at /);
  expect(verbose.stderr).toMatch(/Error: spark\n\s+at /);
});

test("AWS's request id is shown under --verbose only", async () => {
  const cause = Object.assign(new Error('said AWS'), { $metadata: { requestId: 'request-4711' } });
  const openTunnel: Tunnels['openTunnel'] = async () => { throw new Problem('CREDENTIALS', 'not allowed', { cause }); };
  expect((await runFake(['ahbodedb'], { tunnels: { openTunnel } })).stderr).not.toContain('request-4711');
  expect((await runFake(['ahbodedb', '--verbose'], { tunnels: { openTunnel } })).stderr).toContain('AWS request id: request-4711\n');
});

test('who is known to log in elsewhere, by the environment, does not keep a tunnel from being opened', async () => {
  const tunnels: Partial<Tunnels> = { openTunnel: async () => ({ ...VIEW, reused: false }) };
  expect(await runFake(['ahbodedb'], { tunnels, environment: { CONNECT_USER: 'me', CONNECT_AUTH: 'iam' } })).toMatchObject({ exit: 0, stdout: '127.0.0.1:15432\n' });
  expect(await runFake(['ahbodedb', '--user', 'me'], { tunnels })).toMatchObject({ exit: 2, stdout: '' });
});

test('config shows what holds where nobody says anything else, as it holds for the client that was chosen', async () => {
  const valueOf = async (name: string, ...args: string[]): Promise<unknown> =>
    (await runFake(['config', 'ahbodedb', '--config', 'none', '--json', ...args])).json.settings[name];
  expect(await valueOf('lanes')).toEqual({ value: 4, source: { kind: 'default', where: 'default' } });
  expect(await valueOf('lanes', '--transport', 'aws-cli')).toEqual({ value: 1, source: { kind: 'default', where: 'default' } });
  expect(await valueOf('lanes', '--lanes', '7', '--transport', 'aws-cli')).toMatchObject({ value: 7 });
  expect([await valueOf('drain'), await valueOf('foreground'), await valueOf('port')]).toMatchObject([{ value: 0 }, { value: false }, { value: null }]);
});
