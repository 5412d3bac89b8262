import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseStateAndStart } from '../../src/tunnel/process/darwin';
import { parseStartTime } from '../../src/tunnel/process/linux';
import { identifyProcess, isProcessAlive, programName } from '../../src/tunnel/process-identity';

/** A process that waits until its input ends. */
function waiting(name: string = process.execPath, args: string[] = ['-e', 'process.stdin.resume()']) {
  return spawn(name, args, { stdio: ['pipe', 'ignore', 'ignore'] });
}

test('a process is alive until it ends', async () => {
  const child = waiting();
  const identity = identifyProcess(child.pid!)!;
  expect(identity.pid).toBe(child.pid);
  expect(isProcessAlive(identity)).toBe(true);
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
  expect(isProcessAlive(identity)).toBe(false);
  expect(identifyProcess(child.pid!)).toBeUndefined();
});

test.each(['startedAt', 'bootId', 'pidNamespace'] as const)('another process with the same pid is not taken for it: %s differs', (key) => {
  const identity = identifyProcess(process.pid)!;
  expect(isProcessAlive(identity)).toBe(true);
  expect(isProcessAlive({ ...identity, [key]: 'other' })).toBe(false);
});

test('nobody has a pid that is free', () => {
  expect(identifyProcess(2 ** 22 + 1)).toBeUndefined();
  expect(programName(2 ** 22 + 1)).toBeUndefined();
});

test('a program is named without its arguments', async () => {
  const child = waiting('cat', ['-', '--', '/dev/null']);
  await once(child, 'spawn');
  expect(programName(child.pid!)).toBe('cat');
  child.stdin.end();
  await once(child, 'exit');
});

(process.platform === 'linux' ? test : test.skip).each(['MainThread', 'node-MainThread'])('what newer Nodes call their first thread is no name of a program: %s', async (title) => {
  const child = spawn(process.execPath, ['-e', `process.title = '${title}'; console.log(); process.stdin.resume()`], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  expect(readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe(`${title}\n`);
  expect(programName(child.pid!)).toBe(basename(process.execPath));
  child.stdin.end();
  await once(child, 'exit');
});

const stat = (comm: string, state: string) => `42 (${comm}) ${state} 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 7 0 987654 1000 200 18446744073709551615 1 1`;

test.each(['node', 'a b', 'odd) R 1 (name', '))', ''])('the start of a Linux process whose program is called %j is read', (comm) => {
  expect(parseStartTime(stat(comm, 'S'))).toBe('987654');
});

test.each(['Z', 'X', 'x'])('a Linux process in state %s is dead', (state) => {
  expect(parseStartTime(stat('node', state))).toBeUndefined();
});

(process.platform === 'linux' ? test : test.skip)('a zombie is dead', async () => {
  // The shell starts a child, and becomes a program that never asks how it went.
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [bytes] = await once(parent.stdout, 'data') as [Buffer];
  const zombie = Number(bytes.toString());
  const stateOf = () => readFileSync(`/proc/${zombie}/stat`, 'utf8').split(' ')[2];
  while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'cat\n') await new Promise((resolve) => setImmediate(resolve));
  process.kill(zombie, 'SIGKILL');
  while (stateOf() !== 'Z') await new Promise((resolve) => setImmediate(resolve));
  expect(identifyProcess(zombie)).toBeUndefined();
  parent.stdin.end();
  await once(parent, 'exit');
});

test.each([
  ['a running one', 'S+   Sat Nov 21 20:30:01 2026', 'Sat Nov 21 20:30:01 2026'],
  ['a zombie', 'Z    Sat Nov 21 20:30:01 2026', undefined],
  ['none', '', undefined],
])('the start of a macOS process is read: %s', (_, line, start) => {
  expect(parseStateAndStart(line)).toBe(start);
});
