import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LateModules } from '../../../src/tunnel/worker/late-modules';

let folder: string;
const write = (name: string, source: string): string => {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
};

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'connect-late-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('loads what a program names, and what that names, once and without their files', async () => {
  const program = write('program.cjs', 'loadLate("./first.cjs")');
  const first = write('first.cjs', 'exports.at = __filename; exports.second = require("./second.cjs").made;');
  write('second.cjs', 'exports.made = { separator: require("node:path").sep, back: require("./first.cjs") };');
  const modules = await LateModules.of(program);
  rmSync(folder, { recursive: true });
  const loaded = modules.load('./first.cjs') as { at: string; second: { separator: string; back: object } };
  expect(loaded).toMatchObject({ at: first, second: { separator: '/' } });
  expect(loaded.second.back).toBe(loaded);
  expect(modules.load('../connect/first.cjs')).toBe(loaded);
});

test('holds nothing that no part of the program names', async () => {
  const program = write('program.cjs', '');
  write('other.cjs', 'exports.found = true;');
  const modules = await LateModules.of(program);
  rmSync(folder, { recursive: true });
  expect(() => modules.load('./other.cjs')).toThrow('other.cjs');
});
