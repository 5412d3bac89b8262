import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../src/launch/cache-folder';

const NAME = 'tunnelable-rds-cluster';
const NOBODY = 65534;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

let home: string;
beforeEach(() => { home = realpathSync(mkdtempSync(join(tmpdir(), 'connect-home-'))); });
afterEach(() => rmSync(home, { recursive: true, force: true }));

test.each<[NodeJS.Platform, string]>([
  ['linux', '.cache'],
  ['darwin', 'Library/Caches'],
  ['win32', 'AppData/Local'],
])('on %s it is in %s', (platform, place) => {
  const folder = join(home, place, NAME);
  expect(cacheFolder({}, home, platform)).toBe(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(cacheFolder({}, home, platform)).toBe(folder);
});

test('Windows may say where', () => {
  expect(cacheFolder({ LOCALAPPDATA: join(home, 'local') }, home, 'win32')).toBe(join(home, 'local', NAME));
});

test('XDG_CACHE_HOME leads elsewhere, if it says a whole path', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: join(home, 'elsewhere') }, home)).toBe(join(home, 'elsewhere', NAME));
  expect(cacheFolder({ XDG_CACHE_HOME: 'elsewhere' }, home, 'linux')).toBe(join(home, '.cache', NAME));
});

test('a folder for all caches may be a link, and open to others; ours may not', () => {
  mkdirSync(join(home, 'disk'), { mode: 0o775 });
  symlinkSync('disk', join(home, '.cache'));
  expect(cacheFolder({}, home, 'linux')).toBe(join(home, '.cache', NAME));
  chmodSync(join(home, 'disk', NAME), 0o770);
  expect(cacheFolder({}, home, 'linux')).toBeUndefined();
  rmSync(join(home, 'disk', NAME), { recursive: true });
  symlinkSync('..', join(home, 'disk', NAME));
  expect(cacheFolder({}, home, 'linux')).toBeUndefined();
});

test('without a home there is none', () => {
  expect(cacheFolder({}, '', 'linux')).toBeUndefined();
});

test('what is in the way is left as it is', () => {
  writeFileSync(join(home, '.cache'), '');
  expect(cacheFolder({}, home, 'linux')).toBeUndefined();
});

asRoot('what belongs to another user is not used, and nothing is put into their home', () => {
  chownSync(home, NOBODY, NOBODY);
  expect(cacheFolder({}, home, 'linux')).toBeUndefined();
  mkdirSync(join(home, '.cache', NAME), { recursive: true, mode: 0o700 });
  chownSync(join(home, '.cache', NAME), NOBODY, NOBODY);
  expect(cacheFolder({}, home, 'linux')).toBeUndefined();
});
