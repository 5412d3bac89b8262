import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { acquireLock } from '../../src/tunnel/lock';

const home = mkdtempSync(join(tmpdir(), 'lock-'));
const contender = join(home, 'contender.cjs');
let dir: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  execFileSync(join(__dirname, '../../node_modules/.bin/esbuild'), [
    join(__dirname, 'lock-contender.ts'), '--bundle', '--platform=node', '--format=cjs', `--outfile=${contender}`, '--log-level=warning',
  ]);
});
beforeEach(() => { dir = mkdtempSync(join(home, 'dir-')); });
afterEach(async () => {
  await Promise.all(children.splice(0).map(async (child) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }));
});
afterAll(() => rmSync(home, { recursive: true }));

/** A process that wants the lock, and what it says, line by line. */
function contend(...args: string[]) {
  const child = spawn(process.execPath, [contender, dir, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, says: async () => (await lines.next()).value as string | undefined };
}

test('a lock is held by one at a time, and handed on when it is released', async () => {
  const release = await acquireLock({ dir, key: 'key' });
  const order: string[] = [];
  let next!: Promise<() => Promise<void>>;
  await new Promise<void>((resolve) => {
    next = acquireLock({ dir, key: 'key', onWait: () => resolve() });
    void next.then(() => order.push('has it'));
  });
  order.push('released');
  await release();
  const releaseNext = await next;
  expect(order).toEqual(['released', 'has it']);

  const other = contend();
  expect(await other.says()).toBe(`waiting for ${process.pid}`);
  await releaseNext();
  expect(await other.says()).toBe('locked');
});

test('another key and another folder are other locks, a link to the folder is the same', async () => {
  const release = await acquireLock({ dir, key: 'key' });
  const link = `${dir}-link`;
  symlinkSync(dir, link);
  const others = [await acquireLock({ dir, key: 'other' }), await acquireLock({ dir: home, key: 'key' })];
  await expect(acquireLock({ dir: link, key: 'key', signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'TimeoutError' });
  for (const each of [release, ...others]) await each();
});

test('a lock is free within 2 s after its holder was killed', async () => {
  const holder = contend();
  expect(await holder.says()).toBe('locked');
  const waiter = contend();
  expect(await waiter.says()).toBe(`waiting for ${holder.child.pid}`);
  const killedAt = performance.now();
  holder.child.kill('SIGKILL');
  expect(await waiter.says()).toBe('locked');
  expect(performance.now() - killedAt).toBeLessThan(2000);
  waiter.child.stdin!.end();
  expect(await waiter.says()).toBe('released');
});

test('twenty who want it at once have it one after the other, and end by themselves', async () => {
  const release = await acquireLock({ dir, key: 'key' });
  const twenty = Array.from({ length: 20 }, () => contend(join(dir, 'room')));
  const exits = twenty.map(async ({ child }) => (await once(child, 'exit'))[0] as number);
  for (const { says } of twenty) expect(await says()).toBe(`waiting for ${process.pid}`);
  await release();
  expect(await Promise.all(exits)).toEqual(twenty.map(() => 0));
});

test('nothing is left on disk, and a second release does nothing', async () => {
  const release = await acquireLock({ dir, key: 'key' });
  await release();
  await release();
  const again = await acquireLock({ dir, key: 'key' });
  await release();
  await expect(acquireLock({ dir, key: 'key', signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' });
  await again();
  expect(readdirSync(dir)).toEqual([]);
});

test('a wait ends with the reason of its signal', async () => {
  const release = await acquireLock({ dir, key: 'key' });
  const stop = new AbortController();
  const waiting = acquireLock({ dir, key: 'key', signal: stop.signal, onWait: () => stop.abort(new Error('enough')) });
  await expect(waiting).rejects.toThrow('enough');
  await release();
});
