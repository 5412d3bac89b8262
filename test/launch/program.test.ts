import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCache } from '../../src/launch/code-cache';
import { Program } from '../../src/launch/program';

let folder: string;
const write = (name: string, source: string): string => {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
};

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'connect-program-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('loads files that require one another, each once, and Node\'s own modules', () => {
  const first = write('first.cjs', '"use strict"; exports.at = [__filename, __dirname]; exports.second = require("./second.cjs").made;');
  write('second.cjs', 'exports.made = { separator: require("node:path").sep, back: require("./first.cjs") };');
  const program = new Program();
  const loaded = program.load(first) as { at: string[]; second: { separator: string; back: object } };
  expect(loaded).toMatchObject({ at: [first, folder], second: { separator: '/' } });
  expect(loaded.second.back).toBe(loaded);
  expect(program.load(first)).toBe(loaded);
});

test('a file may replace what it exports, and an error names the file', () => {
  expect(new Program().load(write('function.cjs', 'module.exports = () => 7;'))).toEqual(expect.any(Function));
  const wrong = write('wrong.cjs', '\nexports.fail = () => { throw new Error("no"); };');
  const { fail } = new Program().load(wrong) as { fail(): void };
  expect(fail).toThrow(expect.objectContaining({ stack: expect.stringContaining(`${wrong}:2`) }));
});

test('what it keeps it loads without the files, and what those name too', () => {
  const first = write('first.cjs', 'exports.late = () => require("./late.cjs");');
  write('late.cjs', 'exports.later = () => require("./later.cjs");');
  write('later.cjs', 'exports.is = "here";');
  write('other.cjs', 'exports.is = "named by none";');
  const program = new Program();
  const { late } = program.load(first) as { late(): { later(): object } };
  program.keep();
  rmSync(folder, { recursive: true });
  expect(late().later()).toEqual({ is: 'here' });
  expect(late()).toBe(late());
  expect(() => program.load(join(folder, 'other.cjs'))).toThrow('other.cjs');
});

test('saves what it loaded until then, and holds none of it any longer', () => {
  const path = join(folder, 'cache');
  const early = write('early.cjs', 'exports.late = () => require("./late.cjs");');
  const late = write('late.cjs', '');
  const program = new Program(new CodeCache(path));
  const { late: loadLate } = program.load(early) as { late(): void };
  program.saveCode();
  const written = readFileSync(path);
  loadLate();
  program.saveCode();
  expect(readFileSync(path)).toEqual(written);
  const cache = new CodeCache(path);
  expect([early, late].map((each) => cache.find(each, readFileSync(each)) !== undefined)).toEqual([true, false]);
});
