import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogTail } from '../../../src/tunnel/looking/log-tail';
import { LogFile } from '../../../src/tunnel/worker/log-file';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-tail-'));
  path = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('reads what is added, by whole lines', () => {
  const tail = new LogTail(path);
  expect(tail.next()).toBeUndefined();
  writeFileSync(path, 'one\ntw');
  expect(tail.next()).toEqual(['one']);
  expect(tail.next()).toEqual([]);
  appendFileSync(path, 'o\nthree\n');
  expect(tail.next()).toEqual(['two', 'three']);
});

test('a log that loses its older half is read on from where it was', () => {
  const log = new LogFile(path);
  writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(10 * 1024 + 480));
  const tail = new LogTail(path);
  tail.next();
  log.info('read');
  expect(tail.next()).toEqual([expect.stringMatching(/ info read$/)]);
  appendFileSync(path, `${'y'.repeat(99)}\n`.repeat(20));
  log.info('not read');
  const lines = tail.next()!;
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toMatch(/ info not read$/);
});

test('one that is seen while it is empty, too', () => {
  const tail = new LogTail(path);
  writeFileSync(path, 'one\ntwo\nthree\n');
  tail.next();
  truncateSync(path);
  expect(tail.next()).toEqual([]);
  appendFileSync(path, 'three\nfour\n');
  expect(tail.next()).toEqual(['four']);
});

test('a log that was taken away and begins anew is read from its start', () => {
  const tail = new LogTail(path);
  writeFileSync(path, 'one\n');
  tail.next();
  rmSync(path);
  expect(tail.next()).toBeUndefined();
  writeFileSync(`${path}.new`, '');
  writeFileSync(path, 'other\nlines\n');
  expect(tail.next()).toEqual(['other', 'lines']);
});
