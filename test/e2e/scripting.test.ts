import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { eventually } from '../support/eventually';
import { testWith } from '../support/optional-tools';
import { ByteTarget, Line } from './support/byte-target';
import { BIN, type Running } from './support/connect';
import { Doorman } from './support/doorman';
import { scenario } from './support/scenario';

const linesOf = ({ stdout }: { stdout: string }): any[] => stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line));

/** Until a command has said so many lines on stdout. */
const hasSaid = async (running: Running, count: number): Promise<any[]> => eventually(() => linesOf(running), (lines) => lines.length >= count);

scenario('--foreground --json says what happens, a line each: lost sessions, resumed ones, and the end', async ({ aws, start, watch, query, nothingLeft }) => {
  const running = start('ahbodedb --port 0 --foreground --json');
  const [opening, ready] = await hasSaid(running, 2);
  expect([opening, ready]).toMatchObject([{ event: 'opening', target: 'ahbodedb' }, { event: 'ready', target: 'ahbodedb', status: 'OPEN', reused: false, sessionId: expect.any(String), url: expect.any(String) }]);
  aws.gateway.cut('bye');
  expect((await hasSaid(running, 4)).slice(2)).toMatchObject([{ event: 'reconnecting' }, { event: 'ready', port: ready.port }]);
  aws.gateway.terminate(ready.sessionId);
  expect((await hasSaid(running, 5))[4]).toMatchObject({ event: 'reconnecting', reason: expect.stringContaining('the session ended') });
  expect(await query(ready.port)).toBe(42);
  expect((await hasSaid(running, 6))[5]).toMatchObject({ event: 'ready' });
  running.kill('SIGTERM');
  const { exit, stdout } = await watch(running);
  expect(exit).toBe(143);
  expect(linesOf({ stdout }).at(-1)).toMatchObject({ event: 'closed', reason: 'ended by SIGTERM' });
  await nothingLeft();
});

scenario('a tunnel that another command closes ends --foreground with exit code 9, which says so', async ({ start, watch, connect, nothingLeft }) => {
  const running = start('ahbodedb --port 0 --foreground --json');
  await hasSaid(running, 2);
  expect((await connect('close ahbodedb')).exit).toBe(0);
  const { exit, stdout } = await watch(running);
  expect(exit).toBe(9);
  expect(linesOf({ stdout }).at(-1)).toMatchObject({ event: 'closed', reason: expect.stringContaining('asked to'), error: { code: 'TUNNEL_CLOSED' } });
  await nothingLeft();
});

scenario('--drain lets what is open end and nobody else in', async (world) => {
  const { start, watch, nothingLeft } = world;
  await ByteTarget.forWriterOf(world);
  const running = start('ahbodedb --port 0 --foreground --json --drain 60');
  const [, { port }] = await hasSaid(running, 2);
  const line = await Line.to(port);
  await line.echo('before');
  running.kill('SIGTERM');
  await running.says('have 60 s to end');
  await eventually(async () => Line.to(port).then((other) => other.close(), (error: NodeJS.ErrnoException) => error.code), (code) => code === 'ECONNREFUSED');
  await line.echo('after');
  line.close();
  expect((await watch(running)).exit).toBe(143);
  await nothingLeft();
});

scenario('a second signal cuts what is left, and so does `close` without --drain', async (world) => {
  const { start, watch, open, connect, nothingLeft } = world;
  await ByteTarget.forWriterOf(world);
  const running = start('ahbodedb --port 0 --foreground --json --drain 600');
  const [, { port }] = await hasSaid(running, 2);
  const line = await Line.to(port);
  await line.echo('before');
  running.kill('SIGTERM');
  await running.says('have 600 s to end');
  running.kill('SIGINT');
  expect((await watch(running)).exit).toBe(143);
  await line.ended;
  await nothingLeft();

  const opened = await open();
  const other = await Line.to(opened.port);
  await other.echo('before');
  const closing = start('close ahbodedb --drain 600');
  await eventually(async () => (await connect('status ahbodedb')).exit, (exit) => exit === 9);
  await other.echo('after');
  const alike = start('close ahbodedb --drain 500');
  await eventually(async () => (await connect('logs ahbodedb')).stdout, (log) => log.includes('or 500 s are over'));
  await other.echo('still');
  expect((await connect('close ahbodedb')).exit).toBe(0);
  expect((await watch(alike)).exit).toBe(0);
  expect((await watch(closing)).exit).toBe(0);
  await other.ended;
  await nothingLeft();
});

scenario('status --wait waits for another process, and for the database', async ({ aws, postgres, start, watch, connect, closeAll }) => {
  const doorman = await Doorman.before(postgres);
  aws.hosts.map(aws.clusters.get().endpoint, doorman);
  expect(await connect('status ahbodedb --wait --timeout 1')).toMatchObject({ exit: 9, stdout: 'ahbodedb  CLOSED\n' });
  const waiting = start('status ahbodedb --wait --json');
  const quiet = start('status ahbodedb --wait --quiet');
  await waiting.says('waiting until the tunnel is open');
  expect((await connect('ahbodedb --port 0')).exit).toBe(0);
  expect(await watch(waiting)).toMatchObject({ exit: 0, json: { status: 'OPEN', tunnels: [{ name: 'ahbodedb' }] } });
  expect(await watch(quiet)).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining('ahbodedb  OPEN') });
  await doorman.close();
  const silent = await connect('status ahbodedb --wait --timeout 2 --json');
  expect(silent).toMatchObject({ exit: 7, json: { error: { code: 'DATABASE_SILENT' } } });
  const interrupted = start('status ahbodedb --wait');
  await interrupted.says('to answer');
  interrupted.kill('SIGINT');
  expect((await watch(interrupted)).exit).toBe(130);
  await closeAll();
});

scenario('logs -f goes on as the log grows, and through its loss of a half, until the tunnel is closed', async ({ start, watch, open, closeAll, tunnels, status, query, aws }) => {
  const { sessionId, port } = await open();
  const [all, last] = [start('logs ahbodedb --follow'), start('logs ahbodedb -f --lines 1')];
  await eventually(() => all.stdout, (text) => text.includes(sessionId));
  await eventually(() => last.stdout, (text) => text !== '');
  expect(last.stdout.trimEnd().split('\n')).toHaveLength(1);
  const log = readdirSync(tunnels).find((name) => name.endsWith('.log'))!;
  appendFileSync(join(tunnels, log), `${'x'.repeat(99)}\n`.repeat(11 * 1024));
  await eventually(() => last.stdout.length, (length) => length > 1024 * 1024);
  aws.gateway.terminate(sessionId);
  await eventually(() => last.stdout, (text) => text.includes(`session ${sessionId} ended`));
  await eventually(status, ({ sessions }) => sessions.length === 0);
  expect(await query(port)).toBe(42);
  await closeAll();
  for (const running of [all, last]) {
    const { exit, stdout, stderr } = await watch(running);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: 'ahbodedb is closed\n' });
    expect(stdout.match(/^x+$/gm)).toHaveLength(11 * 1024);
  }
});

scenario('logs -f and status --watch end quietly when nobody reads them, and by signals; none asks AWS', async ({ start, watch, open, aws, closeAll }) => {
  await open();
  aws.calls.clear();
  for (const args of ['status ahbodedb --watch --json', 'logs ahbodedb -f']) {
    const unread = start(args);
    await eventually(() => unread.stdout, Boolean);
    unread.stopReading();
    if (args.startsWith('status')) aws.gateway.cut('bye');
    else aws.gateway.terminate(aws.sessions.open()[0]!.id);
    expect(await watch(unread)).toMatchObject({ exit: 0, stderr: '' });
    const interrupted = start(args);
    await eventually(() => interrupted.stdout, Boolean);
    interrupted.kill('SIGTERM');
    expect(await watch(interrupted)).toMatchObject({ exit: 143, stderr: '' });
  }
  expect(aws.calls.of('StartSession')).toEqual([]);
  await closeAll();
});

/** Ways to close some of stdin, stdout and stderr. */
const CLOSED = ['<&-', '>&- 2>&-', '<&- >&- 2>&-'];

scenario('with stdin, stdout or stderr closed a tunnel opens, is shown and closed, with the right exit codes', async ({ environment, nothingLeft }) => {
  for (const closed of CLOSED) {
    const script = ['ahbodedb --port 0', 'status ahbodedb --wait', 'close ahbodedb', 'status ahbodedb'].map((args) => `"$0" ${args} ${closed}; s="$s $?"`);
    const shell = spawn('sh', ['-c', `${script.join('; ')}; echo $s`, BIN], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
    const [said] = await Promise.all([textOf(shell.stdout), once(shell, 'exit')]);
    expect({ closed, exits: said.trim().split('\n').at(-1) }).toEqual({ closed, exits: '0 0 0 9' });
  }
  await nothingLeft();
}, { timeout: 60_000 });

/** Runs a command in a terminal of its own, and takes that away when the command has said something. */
const TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
said = b''
while sys.argv[1].encode() not in said: said += os.read(terminal, 1024)
os.close(terminal)
status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;

scenario('a terminal that is closed while a tunnel opens: nothing left, exit code 129', async ({ aws, start, watch, nothingLeft }) => {
  aws.instances.get().force('stopped');
  const running = start(['-c', TERMINAL, 'starting it', BIN, 'ahbodedb', '--port', '0'], { bin: 'python3' });
  expect(await watch(running)).toMatchObject({ exit: 129, stdout: '', stderr: '' });
  await nothingLeft();
}, { run: testWith('python3'), timing: { pending: 20_000 } });
