import { spawnSync } from 'node:child_process';
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../src/tunnel/process-identity';
import { openStore, type Store, type TunnelMeta } from '../../src/tunnel/store';
import { tunnelsFolder } from '../../src/tunnel/store/folder';
import { someMeta } from './some-meta';

const HASH = '0123456789abcdef';
const OTHER = 'fedcba9876543210';
const SELF = identifyProcess(process.pid)!;
/** A process that has ended. */
const DEAD = { ...SELF, pid: spawnSync(process.execPath, ['-e', '']).pid };

const metaOf = (worker = SELF): TunnelMeta => someMeta({ worker });

let home: string;
let dir: string;
let store: Store;
beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'store-')));
  dir = join(home, 'a', 'tunnels');
  store = await openStore(dir);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('the folder and all files in it are closed to others', async () => {
  store.write(HASH, process.pid, metaOf());
  await store.rememberPort('key', 15432);
  expect(modeOf(dir)).toBe('700');
  expect(readdirSync(dir).map((name) => [name, modeOf(join(dir, name))])).toEqual([
    [`${HASH}.meta`, '600'], [`${HASH}.pid`, '600'], ['last-ports.json', '600'],
  ]);
});

test('a tunnel is found as it was written', () => {
  store.write(HASH, process.pid, metaOf());
  expect(store.list()).toEqual([{ hash: HASH, meta: metaOf(), pid: process.pid, alive: true, elsewhere: false }]);
  expect(readFileSync(store.pathsOf(HASH).pid, 'utf8')).toBe(String(process.pid));
  expect(store.sweep()).toEqual([]);
});

test.each([['of a worker that ended', DEAD], ['of a worker whose pid another has', { ...SELF, startedAt: '1' }]])('a tunnel %s is found dead', (_, worker) => {
  store.write(HASH, worker.pid, metaOf(worker));
  expect(store.list()).toMatchObject([{ hash: HASH, alive: false }]);
});

test('files name a worker until they say anything else', () => {
  const { pid, meta } = store.pathsOf(HASH);
  expect(store.names(HASH, process.pid, metaOf())).toBe(false);
  store.write(HASH, process.pid, metaOf());
  expect(store.names(HASH, process.pid, metaOf())).toBe(true);
  expect(store.names(HASH, process.pid + 1, metaOf())).toBe(false);
  expect(store.names(HASH, process.pid, { ...metaOf(), sessionIds: [] })).toBe(false);
  for (const path of [pid, meta]) {
    writeFileSync(path, 'garbage');
    expect(store.names(HASH, process.pid, metaOf())).toBe(false);
    store.write(HASH, process.pid, metaOf());
    expect(store.names(HASH, process.pid, metaOf())).toBe(true);
  }
});

test('to remove a tunnel takes away all its files and no other', () => {
  store.write(HASH, process.pid, metaOf());
  store.write(OTHER, process.pid, metaOf());
  writeFileSync(store.pathsOf(HASH).log, '');
  writeFileSync(store.pathsOf(HASH).sock, '');
  store.remove(HASH);
  expect(readdirSync(dir)).toEqual([`${OTHER}.meta`, `${OTHER}.pid`]);
});

test.each([
  ['empty', '', 'it is empty'],
  ['garbage', '\0\x01garbage', 'it is not JSON, or cut short'],
  ['truncated', JSON.stringify(metaOf()).slice(0, 100), 'it is not JSON, or cut short'],
  ['no object', '[]', 'it is of version undefined, this release reads version 1'],
  ['of a newer version', JSON.stringify({ ...metaOf(), version: 2 }), 'it is of version 2, this release reads version 1'],
  ['without a port', JSON.stringify({ ...metaOf(), port: 0 }), 'its "port" is not as it should be'],
  ['without a worker\'s start', JSON.stringify({ ...metaOf(), worker: { ...SELF, startedAt: undefined } }), 'its "worker.startedAt" is not as it should be'],
  ['with a child that is none', JSON.stringify({ ...metaOf(), children: [SELF, 7] }), 'its "children.1" is not as it should be'],
])('a meta file that is %s names no tunnel, and is swept away with the rest', (_, text, why) => {
  store.write(HASH, DEAD.pid, metaOf(DEAD));
  const { meta } = store.pathsOf(HASH);
  writeFileSync(meta, text);
  expect(store.list()).toEqual([]);
  expect(store.sweep()).toEqual([{ path: meta, why, removed: true }]);
  expect(readdirSync(dir)).toEqual([]);
});

test.each([
  ['empty', '', 'it is empty'],
  ['garbage', '12x', 'it holds something else than a pid'],
  ['another process\'s', '1', 'it names another process than the worker'],
])('a pid file that is %s is reported, and hides no tunnel: what it left is still to be cleaned up', (_, text, why) => {
  store.write(HASH, DEAD.pid, metaOf(DEAD));
  const { pid } = store.pathsOf(HASH);
  writeFileSync(pid, text);
  expect(store.sweep()).toEqual([{ path: pid, why, removed: false }]);
  expect(store.list()).toMatchObject([{ hash: HASH, alive: false }]);
});

test('files of a worker that lives, or may live, are left to it', () => {
  store.write(HASH, process.pid, metaOf());
  writeFileSync(store.pathsOf(HASH).pid, '');
  store.write(OTHER, process.pid, metaOf());
  writeFileSync(store.pathsOf(OTHER).meta, 'garbage');
  expect(store.sweep()).toMatchObject([{ removed: false }, { removed: false }]);
  expect(store.list()).toMatchObject([{ hash: HASH, alive: true, elsewhere: false }]);
  expect(readdirSync(dir)).toHaveLength(4);
});

test('a pid file alone is swept away when nobody has the pid', () => {
  writeFileSync(store.pathsOf(HASH).pid, String(DEAD.pid));
  expect(store.sweep()).toMatchObject([{ removed: true }]);
  expect(readdirSync(dir)).toEqual([]);
});

test.each([
  ['a link', (path: string) => symlinkSync('/etc/hostname', path)],
  ['a folder', (path: string) => mkdirSync(path)],
  ['a pipe', (path: string) => spawnSync('mkfifo', [path])],
])('%s in the place of a meta file names no tunnel', (_, make) => {
  const { meta } = store.pathsOf(HASH);
  make(meta);
  expect(store.list()).toEqual([]);
  expect(store.sweep()).toMatchObject([{ path: meta, removed: true }]);
  expect(existsSync(meta)).toBe(false);
});

test('writing replaces a link and leaves what it pointed at alone', () => {
  const victim = join(home, 'victim');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, store.pathsOf(HASH).meta);
  store.write(HASH, process.pid, metaOf());
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  expect(store.list()).toHaveLength(1);
});

test('what a killed process left half written is taken away when the store is opened; what a living one writes is not', async () => {
  const [stale, fresh] = [DEAD.pid, process.pid].map((pid) => join(dir, `${HASH}.meta.tmp-${pid}-0a1b2c3d`));
  writeFileSync(stale!, '');
  writeFileSync(fresh!, '');
  await openStore(dir);
  expect([existsSync(stale!), existsSync(fresh!)]).toEqual([false, true]);
});

test('fails when a hash could lead out of the folder', () => {
  expect(() => store.pathsOf('../../../etc/x')).toThrow('not a tunnel hash');
});

test('ports are remembered by key, also by many at once', async () => {
  expect(store.lastPort('one')).toBeUndefined();
  await Promise.all(['one', 'two', 'three', '__proto__'].map((key, at) => store.rememberPort(key, 15432 + at)));
  expect(['one', 'two', 'three', 'four', 'toString'].map((key) => store.lastPort(key))).toEqual([15432, 15433, 15434, undefined, undefined]);
  expect(readdirSync(dir)).toEqual(['last-ports.json']);
});

test.each(['', 'garbage', '[]', '{"one": 0}', '{"one": "x"}'])('a file of remembered ports that holds %j remembers nothing', async (text) => {
  writeFileSync(join(dir, 'last-ports.json'), text);
  expect(store.lastPort('one')).toBeUndefined();
  await store.rememberPort('one', 15432);
  expect(store.lastPort('one')).toBe(15432);
});

test('CONNECT_TUNNELS_DIR says where the folder is', async () => {
  process.env.CONNECT_TUNNELS_DIR = join(home, 'elsewhere');
  expect((await openStore()).dir).toBe(join(home, 'elsewhere'));
  delete process.env.CONNECT_TUNNELS_DIR;
});

test('an empty HOME is not the working directory', () => {
  const homedir = jest.spyOn(os, 'homedir').mockReturnValue('');
  expect(tunnelsFolder()).toBe(join(os.userInfo().homedir, '.declastruct', 'tunnels'));
  homedir.mockRestore();
});

const isRoot = process.getuid?.() === 0;
test.each<[string, (path: string) => void, RegExp, (path: string) => string]>([
  ['is open to its group', (path) => mkdirAs(path, 0o750), /is open to others \(mode 750\)$/, (path) => `chmod 700 ${path}`],
  ['is open to all', (path) => mkdirAs(path, 0o701), /is open to others \(mode 701\)$/, (path) => `chmod 700 ${path}`],
  ['is a link', (path) => symlinkSync(dir, path), /is a link$/, (path) => `replace it with a real folder: rm ${path} && mkdir -m 700 ${path}`],
  ['is a file', (path) => writeFileSync(path, ''), /cannot be made: there is something else in its place \(EEXIST\)$/, () => 'choose another folder: export CONNECT_TUNNELS_DIR=/path/to/a/folder/of/yours'],
  ...(isRoot ? [['is another\'s', (path: string) => { mkdirAs(path, 0o700); spawnSync('chown', ['nobody', path]); }, /belongs to another user \(uid \d+\)$/,
    (path: string) => `sudo chown -R root ${path}`]] as [string, (path: string) => void, RegExp, (path: string) => string][] : []),
])('fails when the folder %s, and says what to type', async (_, make, message, next) => {
  const path = join(home, 'other');
  make(path);
  await expect(openStore(path)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message), next: next(path) });
});

test('fails when sockets in the folder would have too long a path', async () => {
  await expect(openStore(join(home, 'x'.repeat(100)))).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(/has too long a path/) });
});

function mkdirAs(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}
