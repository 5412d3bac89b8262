import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tunnels } from '../../src/cli/host';
import { Problem } from '../../src/problem';
import { runFake, VIEW } from './fake-host';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'several-')); });
afterEach(() => rmSync(folder, { recursive: true }));

/** A project file, as the flag that names it. */
function project(json: object): string[] {
  const path = join(folder, 'connect.json');
  writeFileSync(path, JSON.stringify(json));
  return ['--config', path];
}

/** Opens all but those that are named so, the first of them last. */
const openTunnel = (...failing: string[]): jest.MockedFunction<Tunnels['openTunnel']> => jest.fn(async ({ into, role, port = 15432 }, { log }) => {
  const name = 'target' in into ? into.target : into.cluster;
  await new Promise((resolve) => setTimeout(resolve, name === 'ahbodedb' ? 20 : 0));
  log.info('bastion is stopped: starting it');
  if (failing.includes(name)) throw new Problem('SESSION_FAILED', `no session for ${name}`, { next: 'wait' });
  return { ...VIEW, name, role, port, reused: false };
});

test('several are opened side by side, and printed by name in the order typed', async () => {
  const opening = openTunnel();
  const { exit, stdout, stderr } = await runFake(['ahbodedb', 'cache=16379', '--reason', 'x'], { tunnels: { openTunnel: opening } });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'ahbodedb  127.0.0.1:15432\ncache  127.0.0.1:16379\n' });
  expect(opening.mock.calls.map(([{ into, port, reason }]) => ({ into, port, reason }))).toEqual([
    { into: { target: 'ahbodedb' }, port: undefined, reason: 'x' }, { into: { target: 'cache' }, port: 16379, reason: 'x' },
  ]);
  expect(stderr).toContain('cache: bastion is stopped: starting it');
  expect(stderr).toContain('`connect close cache` closes it');
});

test('under --json they are a list, those that failed too', async () => {
  const { exit, json, stderr } = await runFake(['open', 'ahbodedb', 'cache', '--json', '--quiet'], { tunnels: { openTunnel: openTunnel('ahbodedb') } });
  expect(exit).toBe(6);
  expect(json).toEqual([
    { name: 'ahbodedb', error: { code: 'SESSION_FAILED', exit: 6, message: 'no session for ahbodedb', next: 'wait' } },
    { ...VIEW, name: 'cache', reused: false, url: 'postgresql://127.0.0.1:15432/app' },
  ]);
  expect(stderr).toBe('');
});

test('one that fails is said, the others stay open, and the exit code is that of the first that failed', async () => {
  const opening = openTunnel('cache', 'queue');
  opening.mockImplementationOnce(async () => { throw new Problem('BASTION_DOWN', 'no bastion'); });
  const { exit, stdout, stderr } = await runFake(['ahbodedb', 'cache', 'users'], { tunnels: { openTunnel: opening } });
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: 'users  127.0.0.1:15432\n' });
  expect(stderr).toContain('error: no bastion\n');
  expect(stderr).toContain('error: no session for cache\nnext:  wait\n');
});

test('words that are no targets were a command perhaps', async () => {
  const opening: Tunnels['openTunnel'] = async ({ into }) => {
    if ('target' in into && into.target !== 'db') throw new Problem('NOT_FOUND', 'there is none');
    return { ...VIEW, reused: false };
  };
  const { exit, stderr } = await runFake(['db', 'npm', 'test'], { tunnels: { openTunnel: opening } });
  expect(exit).toBe(3);
  expect(stderr).toContain('to run a command through the tunnel, put -- before it: connect db -- npm test');
});

test('a signal while they are opened closes those that this command has opened', async () => {
  const closeTunnels = jest.fn(async () => [VIEW]);
  const opening: Tunnels['openTunnel'] = async ({ into }, { signal }) => {
    if ('target' in into && into.target === 'ahbodedb') return { ...VIEW, reused: false };
    setImmediate(() => process.emit('SIGINT', 'SIGINT'));
    return new Promise((_, reject) => { signal!.addEventListener('abort', () => reject(signal!.reason as Error)); });
  };
  const { exit } = await runFake(['ahbodedb', 'cache'], { tunnels: { openTunnel: opening, closeTunnels } });
  expect(exit).toBe(130);
  expect(closeTunnels.mock.calls).toEqual([[{ name: 'ahbodedb', role: 'writer', port: 15432 }, expect.anything()]]);
});

/** Hears nothing of the tunnels until a signal comes, which it does once so many are watched. */
function endedBySignalOnce(count: number): Tunnels['watchTunnel'] {
  let watched = 0;
  return async (_, __, signal) => {
    watched += 1;
    if (watched === count) setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
    if (!signal.aborted) await once(signal, 'abort');
    return { isReplaced: false };
  };
}

test('--foreground holds all of them, and closes all that this command opened', async () => {
  const closeTunnels = jest.fn(async () => [VIEW]);
  const { exit } = await runFake(['ahbodedb', 'cache=16379', '--foreground'], { tunnels: { openTunnel: openTunnel(), watchTunnel: endedBySignalOnce(2), closeTunnels } });
  expect(exit).toBe(143);
  expect(closeTunnels.mock.calls.map(([{ name }]: any) => name).sort()).toEqual(['ahbodedb', 'cache']);
});

test('--foreground --json tells of each what happens, an object a line', async () => {
  const opening: Tunnels['openTunnel'] = async (request, context) => {
    if ('target' in request.into && request.into.target === 'nowhere') throw new Problem('NOT_FOUND', 'there is none');
    return openTunnel()(request, context);
  };
  const tunnels = { openTunnel: opening, watchTunnel: endedBySignalOnce(1), closeTunnels: async () => [VIEW] };
  const { exit, stdout, stderr } = await runFake(['ahbodedb', 'nowhere', '--foreground', '--json'], { tunnels });
  const events = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { event: string; target: string });
  const of = (name: string): string[] => events.filter(({ target }) => target === name).map(({ event }) => event);
  expect({ exit, ahbodedb: of('ahbodedb'), nowhere: of('nowhere') }).toEqual({ exit: 143, ahbodedb: ['opening', 'ready', 'closed'], nowhere: ['opening', 'closed'] });
  expect(stderr).toContain('there is none');
});

test('two short names of one target may stand beside each other', async () => {
  const config = project({ region: 'eu-west-1', targets: { w: { target: 'db', port: 10001 }, r: { target: 'db', role: 'reader', port: 10002, region: 'eu-west-2' } } });
  const opening = openTunnel();
  const { exit, stdout } = await runFake(['w', 'r', ...config], { tunnels: { openTunnel: opening } });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'w  127.0.0.1:10001\nr  127.0.0.1:10002\n' });
  expect(opening.mock.calls.map(([{ into, role }, { aws }]) => ({ into, role, ...aws }))).toEqual([
    { into: { target: 'db' }, role: 'writer', region: 'eu-west-1' }, { into: { target: 'db' }, role: 'reader', region: 'eu-west-2' },
  ]);
});

test('one tunnel may be asked for on two ports, and all on any', async () => {
  expect(await runFake(['db=1', 'db=2'], { tunnels: { openTunnel: openTunnel() } })).toMatchObject({ exit: 0, stdout: 'db  127.0.0.1:1\ndb  127.0.0.1:2\n' });
  expect((await runFake(['a', 'b', '--port', '0'], { tunnels: { openTunnel: openTunnel() } })).exit).toBe(0);
});

test.each([
  ['a port for all of them', ['a', 'b', '--port', '15432'], '--port is for one tunnel, and 2 targets were named: a b', 'connect a=15432 b=15433'],
  ['a port beside --port', ['a=1', 'b', '--port', '0'], 'a=1 and --port 0 both name a port', 'connect a=1'],
  ['a port beside --port, of one', ['a=1', '-p', '2'], 'a=1 and --port 2 both name a port', 'connect a=1'],
  ['a port that is none', ['a', 'b=x'], 'the port of b is "x"', '--help'],
  ['a port that is empty', ['a='], 'the port of a is empty', 'leave it out'],
  ['no name before a port', ['=1'], 'it is empty', 'connect targets'],
  ['one port for two', ['a=1', 'b=1'], 'a and b cannot both have port 1', 'connect a=1 b=2'],
  ['one socket for two', ['a', 'b', '--unix-socket', '/somewhere/socket'], 'a and b cannot both have the socket /somewhere/socket', 'name a folder of yours'],
  ['one tunnel twice', ['a', 'b', 'a'], 'a and a are the same tunnel', 'name each target once'],
  ['a bastion beside them', ['a', 'b', '--bastion', 'x'], 'target "a" and --bastion were both given', 'connect a'],
  ['a command', ['a', 'b', '--', 'psql'], 'a command runs through one tunnel, and 2 were named: a, b', 'connect a -- psql'],
  ['a verb that is misspelt', ['stauts', 'a', 'b'], 'unexpected argument "a"', 'did you mean connect status a?'],
  ['a command without --', ['a', 'psql', 'b'], 'unexpected argument "psql"', 'connect a -- psql b'],
  ['several where one is meant', ['status', 'a', 'b'], 'unexpected argument "b"', 'connect status --help'],
  ['a port where none is meant', ['status', 'a=1'], 'cannot be a target\'s name', 'connect targets'],
])('fails with exit code 2, before anything happens, when it gets %s', async (_, args, message, next) => {
  const { exit, stdout, stderr, loaded } = await runFake(args);
  expect({ exit, stdout, loaded }).toEqual({ exit: 2, stdout: '', loaded: false });
  expect(stderr).toContain(message);
  expect(stderr.split('\nnext: ')[1]).toContain(next);
});

test('a variable that says one port for several is named', async () => {
  const { exit, stderr } = await runFake(['a', 'b'], { environment: { CONNECT_PORT: '15432' } });
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('CONNECT_PORT is for one tunnel') });
});

test('a target that is called almost like a verb is opened where the verb is said', async () => {
  expect((await runFake(['open', 'stauts', 'db'], { tunnels: { openTunnel: openTunnel() } })).exit).toBe(0);
});
