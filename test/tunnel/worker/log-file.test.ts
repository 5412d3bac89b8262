import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile, openLogFile } from '../../../src/tunnel/worker/log-file';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-log-'));
  path = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('writes a line with time, level, message and details, for our eyes only', () => {
  new LogFile(path).warn('it happened', { times: 2 });
  expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn it happened \{"times":2\}\n$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('takes control characters out, so that nothing can forge a line or steer a terminal', () => {
  new LogFile(path).info('one\n2026-01-01T00:00:00Z info forged\u001b[2J\u009b31m');
  const text = readFileSync(path, 'utf8');
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  // eslint-disable-next-line no-control-regex
  expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('counts what is said again and again, and says so with the next thing', () => {
  const log = new LogFile(path);
  for (let i = 0; i < 1000; i++) log.warn('no');
  log.warn('yes');
  log.warn('yes');
  log.info('yes');
  expect(readFileSync(path, 'utf8').replace(/^\S+ /gm, '')).toBe('warn no\ndebug the line before came 999 more times\nwarn yes\ndebug the line before came 1 more time\ninfo yes\n');
});

test('keeps the younger half when it has grown beyond a MiB, and stays the same file', () => {
  const log = new LogFile(path);
  log.info('the first line');
  const { ino } = statSync(path);
  writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(10 * 1024 + 500), { flag: 'a' });
  log.info('the last line');
  const text = readFileSync(path, 'utf8');
  expect(statSync(path).ino).toBe(ino);
  expect(text.length).toBeLessThanOrEqual(512 * 1024);
  expect(text).not.toContain('the first line');
  expect(text).toMatch(/^x{99}\n/);
  expect(text).toMatch(/the last line\n$/);
});

test('follows no link, and goes on when it cannot write', () => {
  const elsewhere = join(folder, 'elsewhere');
  writeFileSync(elsewhere, 'precious');
  symlinkSync(elsewhere, path);
  expect(() => openLogFile(path)).toThrow('ELOOP');
  expect(() => new LogFile(path).error('lost')).not.toThrow();
  expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
});
