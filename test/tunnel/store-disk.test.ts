import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../src/problem';
import { openStore, type Store } from '../../src/tunnel/store';
import { fileProblem } from '../../src/tunnel/store/file-problem';
import { writeWhole } from '../../src/tunnel/store/whole-file';
import { LogFile, openLogFile } from '../../src/tunnel/worker/log-file';
import { NOBODY } from '../support/peer-process';
import { SmallDisk, withSmallDisk } from '../support/small-disk';
import { someMeta } from './some-meta';

const HASH = '0123456789abcdef';
const asRoot = process.getuid?.() === 0 ? test : test.skip;

let folder: string;
const disks: SmallDisk[] = [];
beforeEach(() => { folder = realpathSync(mkdtempSync(join(tmpdir(), 'disk-'))); });
afterEach(() => {
  for (const disk of disks.splice(0)) disk.remove();
  rmSync(folder, { recursive: true, force: true });
});

function problemOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (Problem.is(error)) return error;
    throw error;
  }
  throw new Error('it was done');
}

async function storeOnDisk(): Promise<{ disk: SmallDisk; store: Store }> {
  const disk = new SmallDisk(join(folder, 'small'));
  disks.push(disk);
  return { disk, store: await openStore(disk.path) };
}

test('what the file system says is put in words, with the code for those who know it', () => {
  expect(fileProblem('/a/b', 'written', Object.assign(new Error(), { code: 'EDQUOT' }))).toMatchObject({
    code: 'USAGE', message: '/a/b cannot be written: your share of the disk is used up (EDQUOT)', next: expect.stringMatching(/^free some space, or .*CONNECT_TUNNELS_DIR/),
  });
  expect(fileProblem('/a/b', 'removed', Object.assign(new Error(), { code: 'EWHATEVER' }))).toMatchObject({ message: '/a/b cannot be removed (EWHATEVER)' });
  const other = new Error('no file system said this');
  expect(fileProblem('/a/b', 'written', other)).toBe(other);
});

test.each<[code: string, path: string, spoil: (path: string) => void]>([
  ['ENOTDIR', 'file/a.meta', () => writeFileSync(join(folder, 'file'), '')],
  ['ENOENT', 'nowhere/a.meta', () => undefined],
  ['ENAMETOOLONG', 'x'.repeat(300), () => undefined],
  ['EISDIR', 'a.meta', (path) => mkdirSync(path)],
])('a file that cannot be written (%s) is said with its path and what to type, and leaves nothing', (code, name, spoil) => {
  const path = join(folder, name);
  spoil(path);
  const before = readdirSync(folder);
  const { message, next, exit } = problemOf(() => writeWhole(path, 'text'));
  expect({ message, next, exit }).toEqual({
    message: expect.stringMatching(new RegExp(`^${path} cannot be written: .* \\(${code}\\)$`)), next: expect.stringContaining('export CONNECT_TUNNELS_DIR='), exit: 2,
  });
  expect(readdirSync(folder)).toEqual(before);
});

test('a log in whose place there is something else is said too', () => {
  const path = join(folder, 'a.log');
  symlinkSync('elsewhere', path);
  expect(problemOf(() => openLogFile(path)).message).toBe(`the log file ${path} cannot be written: there is a link in its place (ELOOP)`);
});

asRoot('a folder that is closed to this user is said to be', () => {
  const { seteuid } = process as { seteuid(uid: number): void };
  seteuid(NOBODY);
  try {
    expect(problemOf(() => writeWhole(join(folder, 'a.meta'), '')).message).toContain('this user may not (EACCES)');
  } finally {
    seteuid(0);
  }
});

withSmallDisk('on a disk that is full files stay whole, as they were', async () => {
  const { disk, store } = await storeOnDisk();
  store.write(HASH, process.pid, someMeta());
  disk.fill();
  const before = readdirSync(disk.path);
  const changed = someMeta({ sessionIds: ['another'] });
  const { message, next } = problemOf(() => store.write(HASH, process.pid, changed));
  expect(message).toBe(`${store.pathsOf(HASH).meta} cannot be written: the disk is full (ENOSPC)`);
  expect(next).toMatch(/^free some space/);
  expect(store.list()).toMatchObject([{ meta: { sessionIds: ['me-0123'] } }]);
  expect(store.identifies(HASH, changed.worker)).toBe(true);
  await store.rememberPort('key', 15432);
  expect(readdirSync(disk.path)).toEqual(before);
  disk.free();
  store.write(HASH, process.pid, changed);
  expect(store.names(HASH, process.pid, changed)).toBe(true);
});

withSmallDisk('a log on a disk that is full loses whole lines, and no half ones', async () => {
  const { disk, store } = await storeOnDisk();
  const { log: path } = store.pathsOf(HASH);
  const log = new LogFile(path);
  log.info('the first');
  for (let line = 0; line < 100; line++) log.info(`${line} ${'x'.repeat(1500)}`);
  expect(readFileSync(path).length).toBeLessThan(64 * 1024);
  disk.fill();
  log.info('x'.repeat(5000));
  disk.free();
  log.info('the last');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^\S+Z info (the first|the last|\d+ x{1500})$/);
  expect(lines.at(-1)).toContain('the last');
});

withSmallDisk('on a read-only disk one can look, and everything else is said to be impossible', async () => {
  const { disk, store } = await storeOnDisk();
  store.write(HASH, process.pid, someMeta());
  writeFileSync(join(disk.path, 'a.meta.tmp-99999999-0a'), '');
  disk.makeReadOnly();
  expect((await openStore(disk.path)).list()).toHaveLength(1);
  for (const act of [() => store.write(HASH, process.pid, someMeta()), () => store.remove(HASH), () => openLogFile(store.pathsOf(HASH).log)]) {
    expect(problemOf(act).message).toMatch(/cannot be (written|removed): the disk is read-only \(EROFS\)$/);
  }
  await expect(openStore(join(disk.path, 'below'))).rejects.toThrow(`the tunnels folder ${join(disk.path, 'below')} cannot be made: the disk is read-only (EROFS)`);
});
