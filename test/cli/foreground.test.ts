import type { Tunnels } from '../../src/cli/host';
import { runFake, VIEW } from './fake-host';

jest.mock('node:timers/promises', () => ({ setTimeout: async () => new Promise(setImmediate) }));

/** Holds a tunnel open while the looks at it find this, one after the other; after the last one the person interrupts. */
async function hold(...looks: (typeof VIEW[])[]): Promise<{ exit: number; looked: number; closed: number }> {
  const closeTunnels = jest.fn(async () => [VIEW]);
  const findTunnels = jest.fn<ReturnType<Tunnels['findTunnels']>, []>(async () => {
    if (looks.length === 1) process.emit('SIGINT', 'SIGINT');
    return looks.shift()!;
  });
  const { exit } = await runFake(['ahbodedb', '--foreground'], { tunnels: { openTunnel: async () => ({ ...VIEW, reused: false }), findTunnels, closeTunnels } });
  return { exit, looked: findTunnels.mock.calls.length, closed: closeTunnels.mock.calls.length };
}

test('a tunnel that misses a look or two is held open', async () => {
  expect(await hold([VIEW], [], [], [VIEW], [], [VIEW])).toEqual({ exit: 130, looked: 6, closed: 1 });
});

test('a tunnel that three looks in a row do not find has ended, and what is left of it is closed', async () => {
  expect(await hold([VIEW], [], [], [], [VIEW])).toEqual({ exit: 9, looked: 4, closed: 1 });
});

test('another tunnel on the same port means that ours has ended, and is not closed', async () => {
  expect(await hold([VIEW], [{ ...VIEW, pid: 1 }], [VIEW])).toEqual({ exit: 9, looked: 2, closed: 0 });
});
