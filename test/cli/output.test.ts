import { type Environment, type Tunnels } from '../../src/cli/host';
import { Output } from '../../src/cli/output';
import { run } from '../../src/cli/run';
import { eventually } from '../support/eventually';
import { FakeStream, runFake, VIEW } from './fake-host';

const openSlowly: Tunnels['openTunnel'] = async (_, { log }) => {
  log.info('bastion is stopped: starting it');
  log.info('waiting for the database');
  return { ...VIEW, reused: false };
};
const openOnTerminal = async (environment: Environment = {}): ReturnType<typeof runFake> =>
  runFake(['ahbodedb'], { tunnels: { openTunnel: openSlowly }, environment, isTTY: true });

test('a spinner turns on a terminal, and leaves a line for each step', async () => {
  const { stderr } = await openOnTerminal();
  expect(stderr).toContain('⠋ bastion is stopped');
  const left = stderr.split('\n').map((line) => line.slice(line.lastIndexOf('\x1b[2K') + 1).replace('[2K', ''));
  expect(left.slice(0, 2)).toEqual(['bastion is stopped: starting it', 'waiting for the database']);
});

test.each([[{ NO_COLOR: '1' }], [{ CI: 'true' }], [{ TERM: 'dumb' }]])('neither spinner nor colour under %j', async (environment) => {
  expect((await openOnTerminal(environment)).stderr).not.toContain('\x1b');
  expect((await runFake(['a b'], { environment, isTTY: true })).stderr).not.toContain('\x1b');
});

test('neither spinner nor colour where stderr is no terminal', async () => {
  expect((await runFake(['ahbodedb'], { tunnels: { openTunnel: openSlowly } })).stderr).not.toContain('\x1b');
});

test('an error is red on a terminal', async () => {
  expect((await runFake(['a b'], { isTTY: true })).stderr).toContain('\x1b[31merror:');
});

/** Runs a command whose stdout fails so. */
async function runInto(stdout: FakeStream, code: string, args = ['list', '--json']): Promise<{ exit: number; stderr: string }> {
  const stderr = new FakeStream();
  stdout.write = (_, done) => {
    setImmediate(() => stdout.emit('error', Object.assign(new Error(`${code}: no luck`), { code })));
    done?.();
    return false;
  };
  const loadTunnels = async (): Promise<Tunnels> => ({ findTunnels: async () => [VIEW] }) as unknown as Tunnels;
  const exit = await run(args, { environment: {}, stdout, stderr, loadTunnels });
  return { exit, stderr: stderr.text };
}

test('a reader that went away is no error', async () => {
  expect(await runInto(new FakeStream(), 'EPIPE')).toEqual({ exit: 0, stderr: '' });
});

test('fails with a short error when the result cannot be written', async () => {
  expect(await runInto(new FakeStream(), 'ENOSPC')).toEqual({ exit: 1, stderr: expect.stringMatching(/^error: the result could not be written: ENOSPC: no luck\nnext: {2}.+\n$/) });
});

test('a command that has failed by itself keeps its exit code', async () => {
  expect((await runInto(new FakeStream(), 'EIO', ['a b', '--json'])).exit).toBe(2);
});

test('is done when all is written, and not before', async () => {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()];
  let write: (() => void) | undefined;
  stdout.write = (_, whenDone) => {
    write = whenDone;
    return false;
  };
  const done = jest.fn();
  const ran = run(['--version'], { environment: {}, stdout, stderr, loadTunnels: jest.fn() }).then(done);
  await eventually(() => write, Boolean);
  expect(done).not.toHaveBeenCalled();
  write!();
  await ran;
  expect(done).toHaveBeenCalledWith(0);
});

const HOSTILE = 'no \x1b[2Jroute\u009b31m\u202e\u2028';
const hostile = { findTunnels: async () => [{ ...VIEW, lastError: HOSTILE }] };

test('what came from elsewhere does not steer the terminal', async () => {
  const { stdout } = await runFake(['status', 'ahbodedb'], { tunnels: hostile });
  expect(stdout).toContain('no  [2Jroute 31m');
  expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u);
});

test('nor under --json, which still says what came', async () => {
  const { stdout, json } = await runFake(['status', 'ahbodedb', '--json'], { tunnels: hostile });
  expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u);
  expect(json.tunnels[0].lastError).toBe(HOSTILE);
});

test('a text result is without control characters, whoever made it', () => {
  const stdout = new FakeStream();
  new Output({ environment: {}, stdout, stderr: new FakeStream(), loadTunnels: jest.fn() }, { json: false, quiet: false, verbose: false }).result('a\x1b[2Jb\nc', {});
  expect(stdout.text).toBe('a[2Jb\nc\n');
});
