import { Output } from '../../src/cli/output';
import { FakeStream, runFake, VIEW } from './fake-host';

const interrupt = (signal: NodeJS.Signals = 'SIGINT'): void => void process.emit(signal, signal);
const LIVE = { ...VIEW, traffic: { in: 0, out: 0 }, connections: 1, sessions: [] };

jest.mock('node:timers/promises', () => ({ setTimeout: async () => new Promise(setImmediate) }));

/** The tunnel as one look after the other finds it; the last one ends the watch. */
const looks = (...found: (typeof LIVE[])[]) => async () => {
  if (found.length === 1) interrupt();
  return found.shift()!;
};

test('status --watch shows each change, a block each, and ends without a word', async () => {
  const { exit, stdout, stderr } = await runFake(['status', 'ahbodedb', '--watch'], { tunnels: { findTunnels: looks([], [], [LIVE], [LIVE], []) } });
  expect({ exit, stderr }).toEqual({ exit: 130, stderr: '' });
  expect(stdout).toMatch(/^ahbodedb {2}CLOSED\n\nahbodedb {2}OPEN\n(?: {2}.*\n)+\nahbodedb {2}CLOSED\n$/);
});

test('status --watch --json is an object a line', async () => {
  const { exit, stdout } = await runFake(['status', 'ahbodedb', '--watch', '--json'], { tunnels: { findTunnels: looks([LIVE], []) } });
  const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  expect(exit).toBe(130);
  expect(lines).toEqual([
    { time: expect.any(String), name: 'ahbodedb', status: 'OPEN', tunnels: [LIVE] },
    { time: expect.any(String), name: 'ahbodedb', status: 'CLOSED', tunnels: [] },
  ]);
});

test('status --watch says how much is carried a second', async () => {
  const fast = { ...LIVE, traffic: { in: 2 ** 40, out: 0 } };
  const { stdout } = await runFake(['status', 'ahbodedb', '--watch'], { tunnels: { findTunnels: looks([LIVE], [fast]) } });
  expect(stdout).toContain('carried      0 bytes in (0 bytes/s), 0 bytes out (0 bytes/s)\n');
  expect(stdout).toMatch(/carried {6}1\.0 TiB in \([\d.]+ TiB\/s\), 0 bytes out \(0 bytes\/s\)\n/);
});

test.each([[80], [200]])('on a terminal of %d columns a view is drawn over the one before, and no line is longer', (columns) => {
  const stdout = Object.assign(new FakeStream(true), { columns });
  const host = { environment: {}, stdout, stderr: new FakeStream(), loadTunnels: async () => { throw new Error('not asked for'); } };
  const output = new Output(host, { json: false, quiet: false, verbose: false });
  output.view(`one\n${'x'.repeat(300)}\nthree`, {});
  expect(stdout.text).toBe(`\x1b[2Kone\n\x1b[2K${'x'.repeat(columns - 1)}\n\x1b[2Kthree\n\x1b[J`);
  stdout.text = '';
  output.view('one', {});
  expect(stdout.text).toBe('\x1b[3A\x1b[2Kone\n\x1b[J');
});

test('--watch and --wait together are exit code 2', async () => {
  expect(await runFake(['status', 'ahbodedb', '--watch', '--wait'])).toMatchObject({ exit: 2, loaded: false });
});

test('status --wait shows what it waited for, and how long it waits is --timeout', async () => {
  const waitForTunnel = jest.fn(async () => [VIEW]);
  expect(await runFake(['status', 'ahbodedb', '--wait', '--timeout', '5'], { tunnels: { waitForTunnel } })).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^ahbodedb {2}OPEN\n/) });
  expect(waitForTunnel).toHaveBeenCalledWith(expect.objectContaining({ name: 'ahbodedb' }), 5000, expect.anything());
  expect(await runFake(['status', 'ahbodedb', '--wait'], { tunnels: { waitForTunnel: async () => [] } })).toMatchObject({ exit: 9, stdout: 'ahbodedb  CLOSED\n' });
});

test('logs --follow prints what is added, and says on stderr that the tunnel is closed', async () => {
  const followTunnelLog = async (_: unknown, { lines, say }: any) => {
    expect(lines).toBe(2);
    say({ tunnel: VIEW, path: '/x/a.log', lines: ['one', 'two'] });
    say({ tunnel: VIEW, path: '/x/a.log', lines: ['three \x1b[2J'] });
    return 1;
  };
  const run = async (...args: string[]) => runFake(['logs', 'ahbodedb', '-f', '--lines', '2', ...args], { tunnels: { followTunnelLog } });
  expect(await run()).toMatchObject({ exit: 0, stdout: 'one\ntwo\nthree [2J\n', stderr: 'ahbodedb is closed\n' });
  expect(await run('--quiet')).toMatchObject({ exit: 0, stderr: '' });
  expect((await run('--json')).stdout.split('\n')[0]).toBe('{"target":"ahbodedb","role":"writer","port":15432,"line":"one"}');
});

test.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('logs --follow ends without a word when %s comes', async (signal, code) => {
  const followTunnelLog = async (_: unknown, following: any) => {
    interrupt(signal);
    expect(following.signal.aborted).toBe(true);
    return 1;
  };
  expect(await runFake(['logs', 'ahbodedb', '-f'], { tunnels: { followTunnelLog } })).toMatchObject({ exit: code, stdout: '', stderr: '' });
});

test('logs --follow of no tunnel is exit code 3, and --lines are the last ones', async () => {
  expect((await runFake(['logs', 'ahbodedb', '--follow'], { tunnels: { followTunnelLog: async () => 0 } })).exit).toBe(3);
  const readTunnelLog = async () => [{ tunnel: VIEW, path: '/x/a.log', lines: ['one', 'two', 'three'] }];
  expect((await runFake(['logs', 'ahbodedb', '--lines', '2'], { tunnels: { readTunnelLog } })).stdout).toBe('two\nthree\n');
  expect((await runFake(['logs', 'ahbodedb', '--lines', '0'], { tunnels: { readTunnelLog } })).stdout).toBe('');
});
