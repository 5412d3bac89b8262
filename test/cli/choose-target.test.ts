import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Picker, Tunnels } from '../../src/cli/host';
import { Problem } from '../../src/problem';
import { runFake, VIEW } from './fake-host';

const LISTED = [{ name: 'ahbodedb', engine: 'aurora-postgresql' }, { name: 'users', engine: 'mysql' }];

let config: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choose-'));
  config = join(folder, 'connect.json');
  const db = { target: 'ahbodedb', role: 'reader', region: 'eu-west-1', profile: 'dev' };
  writeFileSync(config, JSON.stringify({ prefix: '/team', targets: { db, users: { port: 10001 } } }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const tunnelsOf = (others: Partial<Pick<Tunnels, 'listTargets'>> = {}) => ({
  openTunnel: jest.fn<ReturnType<Tunnels['openTunnel']>, Parameters<Tunnels['openTunnel']>>(async () => ({ ...VIEW, reused: false })),
  listTargets: jest.fn(async () => ({ targets: LISTED, unreadable: [] })) as unknown as Tunnels['listTargets'],
  inOrderOfUse: (async (things: readonly unknown[]) => [...things].reverse()) as Tunnels['inOrderOfUse'],
  cachedTargetNames: () => ['cached'],
  ...others,
});
const picking = (name: string) => jest.fn<ReturnType<Picker['pick']>, Parameters<Picker['pick']>>(async () => name);

test('on a terminal a person chooses from what the project names and the account has, the last used on top, and that is opened', async () => {
  const [tunnels, pick] = [tunnelsOf(), picking('db')];
  const { exit, stdout } = await runFake(['open', '--config', config], { tunnels, pick, isTTY: true });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: '127.0.0.1:15432\n' });
  expect(pick.mock.calls[0]![0]).toEqual([
    { value: 'ahbodedb', label: 'ahbodedb  aurora-postgresql' }, { value: 'users', label: 'users' }, { value: 'db', label: 'db        ahbodedb, reader, eu-west-1, profile dev' },
  ]);
  expect(tunnels.listTargets).toHaveBeenCalledWith({ prefix: '/team' }, expect.anything());
  const [{ into, role, prefix }, { aws }] = tunnels.openTunnel.mock.calls[0]!;
  expect({ into, role, prefix, aws }).toEqual({ into: { target: 'ahbodedb' }, role: 'reader', prefix: '/team', aws: { region: 'eu-west-1', profile: 'dev' } });
});

test('so does who types nothing at all', async () => {
  const pick = picking('users');
  expect((await runFake([], { tunnels: tunnelsOf(), pick, isTTY: true, environment: { NO_COLOR: '1' } })).exit).toBe(0);
  expect(pick.mock.calls[0]![1]).toMatchObject({ colours: false });
});

test.each([
  ['under --json', ['open', '--json'], {}], ['under --quiet', ['open', '--quiet'], {}], ['under CI', ['open'], { CI: 'true' }], ['on a dumb terminal', ['open'], { TERM: 'dumb' }],
])('nobody is asked %s', async (_, args, environment) => {
  expect((await runFake(args, { tunnels: tunnelsOf(), environment, isTTY: true, pick: picking('x') })).exit).toBe(2);
});

test('where nobody can be asked, the names that are known are said, with exit code 2 and without a call to AWS', async () => {
  const tunnels = { cachedTargetNames: tunnelsOf().cachedTargetNames };
  const { exit, stdout, stderr } = await runFake(['--port', '15432', '--config', config], { tunnels });
  expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: 'error: no target was given\nnext:  connect <target>, one of: db, users, cached\n' });
  const many = await runFake(['open', '--json'], { tunnels: { cachedTargetNames: () => Array.from({ length: 30 }, (__, at) => `t${at}`) } });
  expect(many.json.error.next).toMatch(/t19, \.\.\.$/);
  expect((await runFake(['open'], { tunnels: { cachedTargetNames: () => undefined } })).stderr).toContain('`connect targets` lists what there is');
});

test.each([['psql'], ['shell'], ['url'], ['open', '--', 'true']])('of `connect %s` too', async (...args) => {
  const { exit, stdout, stderr } = await runFake(args, { tunnels: tunnelsOf() });
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain('next:  connect <target>, one of: cached');
});

test('where AWS does not say what there is, that is said, and the project names enough', async () => {
  const tunnels = tunnelsOf({ listTargets: async () => { throw new Problem('CREDENTIALS', 'not allowed'); } });
  const pick = picking('users');
  const { exit, stderr } = await runFake(['--config', config], { tunnels, pick, isTTY: true });
  expect(exit).toBe(0);
  expect(stderr).toContain('could not be listed: not allowed');
  expect(pick.mock.calls[0]![0]).toHaveLength(2);
  expect(await runFake([], { tunnels, pick, isTTY: true })).toMatchObject({ exit: 2, stderr: expect.stringContaining('no target was given') });
});

test('who chooses none has interrupted', async () => {
  const pick: Picker['pick'] = async () => { throw new Problem('INTERRUPTED', 'no target was chosen'); };
  expect((await runFake([], { tunnels: tunnelsOf(), pick, isTTY: true })).exit).toBe(130);
});

const missing: Tunnels['openTunnel'] = async ({ into }) => {
  throw Object.assign(new Problem('NOT_FOUND', `there is no target ${'target' in into ? into.target : ''}`, { next: 'see which: connect targets' }), { name: 'NoSuchTarget' });
};

test.each([
  ['of the project', 'usres', [], 'did you mean users? see which: connect targets'],
  ['of the account', 'ahbodebd', ['ahbodedb'], 'did you mean ahbodedb? see which: connect targets'],
  ['near to none', 'zzzzzzz', ['ahbodedb'], 'see which: connect targets'],
  ['of the project and of the account until a moment ago', 'users', ['users'], 'see which: connect targets'],
])('a name that there is none of, and that is %s', async (_, name, known, next) => {
  const knownTargetNames = jest.fn(async () => known);
  const { exit, json } = await runFake([name, '--config', config, '--json'], { tunnels: { openTunnel: missing, knownTargetNames } });
  expect({ exit, error: json.error }).toEqual({ exit: 3, error: { code: 'NOT_FOUND', exit: 3, message: `there is no target ${name}`, next } });
});

test('a short name that stands for none says where to correct it', async () => {
  writeFileSync(config, JSON.stringify({ targets: { db: { target: 'ahbodebd' } } }));
  const { stderr } = await runFake(['db', '--config', config], { tunnels: { openTunnel: missing, knownTargetNames: async () => ['ahbodedb'] } });
  expect(stderr).toMatch(/did you mean ahbodedb\? Then correct .*connect\.json\. see which/);
});

test('what else was not found is not taken for a name', async () => {
  const openTunnel: Tunnels['openTunnel'] = async () => { throw new Problem('NOT_FOUND', 'no bastion'); };
  expect((await runFake(['usres', '--config', config], { tunnels: { openTunnel } })).stderr).not.toContain('did you mean');
});
