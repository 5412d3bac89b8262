import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWhole, remove, removeIfPossible, writeWhole } from '../src/files';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-file-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is written is for one\'s own eyes, a text or parts of data, in the place of what was there', () => {
  writeWhole(path, 'a text');
  expect([readWhole(path, 100).toString(), statSync(path).mode & 0o777]).toEqual(['a text', 0o600]);
  writeWhole(path, [Buffer.from('in '), Buffer.alloc(0), Buffer.from('parts')]);
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['in parts', ['file']]);
});

test('what cannot be put in its place leaves nothing behind', () => {
  mkdirSync(join(path, 'with content'), { recursive: true });
  expect(() => writeWhole(path, 'a text')).toThrow(/EISDIR|ENOTEMPTY/);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('what is no file, a link, or too large is not read', () => {
  writeFileSync(path, '12345');
  symlinkSync('file', join(folder, 'link'));
  expect(readWhole(path, 5)).toHaveLength(5);
  expect(() => readWhole(path, 4)).toThrow('at most 4 bytes');
  expect(() => readWhole(folder, 100_000)).toThrow('not a file');
  expect(() => readWhole(join(folder, 'link'), 5)).toThrow('ELOOP');
});

test('removes a file, a link and not what it leads to, a folder with what is in it, and what is not there', () => {
  mkdirSync(join(folder, 'kept', 'inside'), { recursive: true });
  symlinkSync('kept', path);
  remove(path);
  remove(path);
  writeFileSync(path, '');
  remove(path);
  mkdirSync(join(path, 'inside'), { recursive: true });
  remove(path);
  expect(readdirSync(folder)).toEqual(['kept']);
});

test('why something cannot be removed has a code', () => {
  writeFileSync(path, '');
  expect(() => remove(join(path, 'below'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  expect(() => removeIfPossible(join(path, 'below'))).not.toThrow();
});
