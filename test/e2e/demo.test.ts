import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { MARKER_VARIABLE, markedProcesses } from '../support/marked-processes';
import { ROOT } from './support/connect';

const TSX = createRequire(__filename).resolve('tsx/cli');
const LAST_WORDS = 600;
const ROWS = /id +city +rooms\n1 +Lisbon +3\n2 +Utrecht +4\n3 +Kyoto +2\n\(3 rows\)/;

let [marker, folder] = ['', ''];
beforeEach(async () => {
  marker = randomUUID();
  folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  // PostgreSQL does not run as root, and has to get in.
  await chmod(folder, 0o755);
});

/** What tsx, and Node from 22 on, keep for themselves. */
const OF_OTHERS = /^(tsx-|node-compile-cache$)/;

/** Nothing of the demo may be left: no process of any kind, and no file. */
afterEach(async () => {
  const left = async (): Promise<unknown[]> => [...await markedProcesses(marker), ...(await readdir(folder)).filter((name) => !OF_OTHERS.test(name))];
  try {
    await eventually(left, (found) => found.length === 0, 5);
  } finally {
    for (const { pid } of await markedProcesses(marker)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  }
});

interface Demo {
  readonly demo: ChildProcess;
  readonly ended: Promise<number>;
  said(): string;
  /** Waits until it says something. @throws Error with its last words when it ends before */
  says(text: string): Promise<void>;
}

function startDemo(...args: string[]): Demo {
  const demo = spawn(process.execPath, [TSX, 'demo/main.ts', ...args], {
    cwd: ROOT, env: { ...process.env, TMPDIR: folder, [MARKER_VARIABLE]: marker }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  const says = async (expected: string): Promise<void> => {
    await eventually(() => text.includes(expected) || demo.exitCode !== null, Boolean, 45);
    if (!text.includes(expected)) throw new Error(`the demo ended with ${demo.exitCode}, its last words were: ${text.slice(-LAST_WORDS)}`);
  };
  return { demo, said: () => text, says, ended: once(demo, 'close').then(([code]) => code as number) };
}

test('shows a query through a tunnel, its reuse, the list and the close, and leaves nothing', async () => {
  const { said, ended } = startDemo();
  const exit = await ended;
  expect({ exit, said: said() }).toEqual({ exit: 0, said: expect.stringMatching(ROWS) });
  for (const text of ['$ npx cdk synth', '$ connect ahbodedb --port ', 'starting it', 'was open already', '$ connect list', '$ connect close ahbodedb', 'closed ahbodedb']) {
    expect(said()).toContain(text);
  }
}, 60_000);

test('--keep leaves the tunnel open until Ctrl-C, and says how to play with it', async () => {
  const { demo, said, says, ended } = startDemo('--keep');
  await says('and try: ');
  expect(said()).toMatch(/^export AWS_ENDPOINT_URL='http:\/\/127\.0\.0\.1:\d+'$/m);
  demo.kill('SIGINT');
  expect(await ended).toBe(0);
}, 60_000);

test('Ctrl-C half-way leaves nothing', async () => {
  const { demo, says, ended } = startDemo();
  await says('starting it');
  demo.kill('SIGINT');
  expect(await ended).toBe(130);
}, 60_000);
