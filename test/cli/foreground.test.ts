import type { Tunnels } from '../../src/cli/host';
import type { LiveTunnel } from '../../src/tunnel';
import { runFake, VIEW } from './fake-host';

type Watch = Tunnels['watchTunnel'];
const SESSION = { id: 'me-1', since: '2026-11-21T10:00:00.000Z', connections: 0, traffic: { in: 0, out: 0 }, reconnects: 0 };
const LIVE: LiveTunnel = { sessions: [SESSION], connections: 0, traffic: { in: 0, out: 0 }, reconnects: 0 };

/** A watch that hears nothing until a signal comes. */
const untilSignal = (signal: NodeJS.Signals, ...heard: LiveTunnel[]): Watch => async (_, told) => {
  heard.forEach(told);
  process.emit(signal, signal);
  return { isReplaced: false };
};

async function hold(watchTunnel: Watch, { args = [] as string[], reused = false } = {}) {
  const closeTunnels = jest.fn<ReturnType<Tunnels['closeTunnels']>, Parameters<Tunnels['closeTunnels']>>(async () => [VIEW]);
  const { exit, stdout, stderr } = await runFake(['ahbodedb', '--foreground', ...args], { tunnels: { openTunnel: async () => ({ ...VIEW, reused }), watchTunnel, closeTunnels } });
  return { exit, stdout, stderr, closed: closeTunnels.mock.calls };
}

const eventsIn = (stdout: string): any[] => stdout.trimEnd().split('\n').map((line) => JSON.parse(line));

test.each([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const)('%s closes what was opened, exit code %d', async (signal, code) => {
  const { exit, closed } = await hold(untilSignal(signal));
  expect(exit).toBe(code);
  expect(closed).toEqual([[{ name: 'ahbodedb', role: 'writer', port: 15432 }, expect.anything(), undefined]]);
});

test('what was open before is left', async () => {
  expect(await hold(untilSignal('SIGINT'), { reused: true })).toMatchObject({ exit: 130, closed: [] });
});

test('a tunnel that ends is an error that says why, and what is left of it is closed', async () => {
  const { exit, stderr, closed } = await hold(async () => ({ isReplaced: false, reason: 'asked to' }));
  expect({ exit, times: closed.length }).toEqual({ exit: 9, times: 1 });
  expect(stderr).toContain('error: the tunnel to ahbodedb ended: asked to\n');
});

test('another tunnel on the same port is not closed', async () => {
  expect(await hold(async () => ({ isReplaced: true }))).toMatchObject({ exit: 9, closed: [] });
});

test('--drain gives connections time, and a further signal ends it', async () => {
  const closeTunnels = jest.fn(async (_filter: unknown, _context: unknown, draining?: { drain: number; hurry?: AbortSignal }) => {
    expect(draining).toMatchObject({ drain: 30_000, hurry: { aborted: false } });
    process.emit('SIGTERM', 'SIGTERM');
    expect(draining!.hurry!.aborted).toBe(true);
    return [VIEW];
  });
  const { exit, stderr } = await runFake(['ahbodedb', '--foreground', '--drain', '30'], {
    tunnels: { openTunnel: async () => ({ ...VIEW, reused: false }), watchTunnel: untilSignal('SIGTERM'), closeTunnels },
  });
  expect(exit).toBe(143);
  expect(closeTunnels).toHaveBeenCalledTimes(1);
  expect(stderr).toContain('30 s');
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

test('--json says what happens, an object a line, and errors in words', async () => {
  const { exit, stdout, stderr } = await hold(untilSignal(
    'SIGTERM',
    LIVE,
    { ...LIVE, traffic: { in: 5, out: 5 } },
    { ...LIVE, sessions: [], lastError: 'the session ended: idle' },
    { ...LIVE, sessions: [], lastError: 'the session ended: idle', activity: 'bastion i-0abc is stopped: starting it' },
    { ...LIVE, reconnects: 1 },
    { ...LIVE, sessions: [{ ...SESSION, trouble: 'not allowed' }], reconnects: 1 },
    { ...LIVE, reconnects: 2 },
    { ...LIVE, reconnects: 3 },
  ), { args: ['--json'] });
  const events = eventsIn(stdout);
  expect(events.map(({ event, reason }) => [event, reason])).toEqual([
    ['opening', undefined],
    ['ready', undefined],
    ['reconnecting', 'the session ended: idle'],
    ['reconnecting', 'bastion i-0abc is stopped: starting it'],
    ['ready', undefined],
    ['reconnecting', 'not allowed'],
    ['ready', undefined],
    ['reconnecting', 'a session was lost, and is there again'],
    ['ready', undefined],
    ['closed', 'ended by SIGTERM'],
  ]);
  for (const each of events) expect(each).toMatchObject({ target: 'ahbodedb', role: 'writer', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
  expect(events[1]).toMatchObject({ ...VIEW, reused: false, url: 'postgresql://127.0.0.1:15432/app' });
  expect(events.at(-1).error).toMatchObject({ code: 'TERMINATED', exit: 143 });
  expect({ exit, stderr }).toEqual({ exit: 143, stderr: expect.stringContaining('error: ended by SIGTERM\n') });
});

test('--json says why a tunnel could not be opened', async () => {
  const { stdout } = await runFake(['ahbodedb', '--foreground', '--json'], { tunnels: { openTunnel: async () => { throw new Error('no\u2028way'); } } });
  expect(eventsIn(stdout)).toMatchObject([{ event: 'opening' }, { event: 'closed', reason: 'no\u2028way', error: { code: 'UNEXPECTED', exit: 1 } }]);
  expect(stdout.split('\n')).toHaveLength(3);
});
