import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { CodeCache, type Compiled } from '../../src/launch/code-cache';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-code-'));
  path = join(folder, 'cache.code');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SOURCES = { '/a/one.cjs': Buffer.from('function one() { return 1; }'), '/a/two.cjs': Buffer.from('var two = "¡zwei!";') };
const [[ONE, one], [TWO, two]] = Object.entries(SOURCES) as [[string, Buffer], [string, Buffer]];

const compiled = (source: Buffer, isNew = true): Compiled => ({ source, script: new Script(source.toString()), isNew });
const save = (...names: (keyof typeof SOURCES)[]): void => new CodeCache(path).save(new Map(names.map((name) => [name, compiled(SOURCES[name])])));

test('gives the code of a source that was saved, such as V8 takes', () => {
  expect(new CodeCache(path).find(ONE, one)).toBeUndefined();
  save('/a/one.cjs', '/a/two.cjs');
  const cache = new CodeCache(path);
  for (const [name, source] of Object.entries(SOURCES)) {
    const cachedData = cache.find(name, source);
    expect(cachedData).toBeDefined();
    expect(new Script(source.toString(), { cachedData }).cachedDataRejected).toBe(false);
  }
});

test('adds to what is there', () => {
  save('/a/one.cjs');
  save('/a/two.cjs');
  const cache = new CodeCache(path);
  expect([cache.find(ONE, one), cache.find(TWO, two)]).toEqual([expect.any(Buffer), expect.any(Buffer)]);
});

test('does not write where nothing is new', () => {
  new CodeCache(path).save(new Map([[ONE, compiled(one, false)]]));
  expect(readdirSync(folder)).toEqual([]);
});

test('is of no use for another source, however alike: the program was replaced, and all is made anew', () => {
  save('/a/one.cjs', '/a/two.cjs');
  const cache = new CodeCache(path);
  const other = Buffer.from(one.toString().replace('1', '2'));
  expect(cache.find(ONE, other)).toBeUndefined();
  expect(cache.find(TWO, two)).toBeUndefined();
  cache.save(new Map([[ONE, compiled(other)]]));
  const next = new CodeCache(path);
  expect([next.find(ONE, other), next.find(TWO, two)]).toEqual([expect.any(Buffer), undefined]);
});

test('whatever byte is damaged, and wherever it is cut, nothing damaged is given to V8', () => {
  save('/a/one.cjs', '/a/two.cjs');
  const whole = readFileSync(path);
  const good = new CodeCache(path);
  const right = new Map(Object.entries(SOURCES).map(([name, source]) => [name, good.find(name, source)!.toString('hex')]));
  const stayRight = (): void => {
    for (const [name, source] of Object.entries(SOURCES)) expect([undefined, right.get(name)]).toContain(new CodeCache(path).find(name, source)?.toString('hex'));
  };
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    writeFileSync(path, damaged);
    stayRight();
  }
  for (let end = 0; end < whole.length; end += 7) {
    writeFileSync(path, whole.subarray(0, end));
    stayRight();
  }
});

test('what was damaged stays so for those who do not make it anew', () => {
  save('/a/one.cjs', '/a/two.cjs');
  const damaged = readFileSync(path);
  damaged[damaged.length - 20]! ^= 1;
  writeFileSync(path, damaged);
  const cache = new CodeCache(path);
  expect([cache.find(ONE, one), cache.find(TWO, two)]).toEqual([expect.any(Buffer), undefined]);
  cache.save(new Map([[ONE, compiled(one)]]));
  expect(new CodeCache(path).find(TWO, two)).toBeUndefined();
});

test('is for one\'s own eyes, and takes away what nobody has used for long', () => {
  const [old, young] = ['old.code', 'young.code'].map((name) => join(folder, name)) as [string, string];
  for (const each of [old, young]) writeFileSync(each, '');
  const days = (count: number): Date => new Date(Date.now() - count * 24 * 3_600_000);
  utimesSync(old, days(91), days(91));
  utimesSync(young, days(89), days(89));
  save('/a/one.cjs');
  expect(readdirSync(folder).sort()).toEqual(['cache.code', 'young.code']);
});

test('who cannot write goes without', () => {
  const cache = new CodeCache(join(folder, 'not', 'there'));
  cache.save(new Map([[ONE, compiled(one)]]));
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(path, 'nothing of ours');
  chmodSync(path, 0o600);
  expect(new CodeCache(path).find(ONE, one)).toBeUndefined();
});

describe('of a program', () => {
  const before = { ...process.env };
  beforeEach(() => { process.env.XDG_CACHE_HOME = folder; });
  afterEach(() => { process.env = { ...before }; });

  test('each installation has one of its own, for each Node', () => {
    delete process.env.NODE_DISABLE_COMPILE_CACHE;
    for (const program of ['/here/cli', '/there/cli']) CodeCache.of(program)!.save(new Map([[ONE, compiled(one)]]));
    const found = readdirSync(join(folder, 'tunnelable-rds-cluster'));
    expect(found).toHaveLength(2);
    for (const name of found) expect(name).toMatch(new RegExp(`^cli-[0-9a-f]+-${process.version}-${process.arch}\\.code$`));
  });

  test('there is none where Node is told to have none', () => {
    process.env.NODE_DISABLE_COMPILE_CACHE = '1';
    expect(CodeCache.of('/here/cli')).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });
});
