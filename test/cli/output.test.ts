import { FakeStream, runFake, VIEW } from './fake-host';
import { type Environment, type Tunnels } from '../../src/cli/host';
import { Output } from '../../src/cli/output';

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

test('a reader that went away is no error, anything else is', () => {
  const stdout = new FakeStream();
  new Output({ environment: {}, stdout, stderr: new FakeStream(), loadTunnels: jest.fn() }, { json: false, quiet: false, verbose: false });
  expect(() => stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))).not.toThrow();
  expect(() => stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
});
