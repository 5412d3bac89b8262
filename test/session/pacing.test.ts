import { setTimeout as sleep } from 'node:timers/promises';
import { MESSAGE_TYPES } from '../../src/session/wire/message';
import { ByteTarget, upload } from './byte-exact';
import { SessionLab } from './session-lab';

const MIB = 1024 * 1024;

interface Slower {
  readonly because: string;
  readonly packetsPerSecond: number;
  /** How many messages the gateway had seen from the client by then. */
  readonly messages: number;
}

/** A session that notes when it slows down. */
async function noted(packetsPerSecond: number) {
  const lab = await SessionLab.start({ target: new ByteTarget().serve });
  const slower: Slower[] = [];
  const messages = () => lab.lab.gateway.counters.toAgent.messages;
  let heard: (() => void) | undefined;
  const session = await lab.open({
    packetsPerSecond,
    log: {
      debug() {},
      warn() {},
      info(message, details) {
        if (message !== 'sending slower') return;
        slower.push({ ...details as Omit<Slower, 'messages'>, messages: messages() });
        heard?.();
      },
    },
  });
  return { lab, session, slower, messages, untilSlower: () => new Promise<void>((resolve) => { heard = resolve; }) };
}

test('settles under a limit of the service that it was told to exceed, and loses nothing', async () => {
  const LIMIT = 1_000;
  const { lab, session, slower, messages } = await noted(3 * LIMIT);
  try {
    const { gateway } = lab.lab;
    gateway.faults.packetsPerSecond = LIMIT;
    const { here, there } = await upload(await lab.connect(session), 12 * MIB);
    expect(there).toBe(here);
    expect(gateway.counters.limited).toBeGreaterThanOrEqual(1);
    expect(lab.calls.filter((call) => call === 'resume')).toHaveLength(gateway.counters.limited);
    expect(slower).toHaveLength(gateway.counters.limited);
    const last = slower.at(-1)!;
    expect(last).toMatchObject({ because: 'hang-up' });
    expect(last.packetsPerSecond).toBeLessThan(LIMIT);
    // More than the limiter would have borne, had it been too fast still.
    expect(messages() - last.messages).toBeGreaterThan(2 * LIMIT);
  } finally {
    await lab.close();
  }
});

test('keeps to its own pace under the limit of the service: no pause, no cut', async () => {
  const { lab, session, slower } = await noted(900);
  try {
    const { gateway } = lab.lab;
    gateway.faults.packetsPerSecond = 1_000;
    const { here, there } = await upload(await lab.connect(session), 4 * MIB);
    expect(there).toBe(here);
    expect(gateway.counters).toMatchObject({ limited: 0, pauses: 0, cuts: 0 });
    expect(slower).toEqual([]);
  } finally {
    await lab.close();
  }
});

test('holds what is new when the service asks for a pause, and goes on, slower, when it asks for that', async () => {
  const { lab, session, slower, messages, untilSlower } = await noted(900);
  try {
    const done = upload(await lab.connect(session), MIB);
    lab.lab.gateway.announce(session.id, 'client', MESSAGE_TYPES.PAUSE);
    await untilSlower();
    const atPause = messages();
    await sleep(300);
    // What was on its way is still counted.
    expect(messages() - atPause).toBeLessThan(100);
    lab.lab.gateway.announce(session.id, 'client', MESSAGE_TYPES.START);
    const { here, there } = await done;
    expect(there).toBe(here);
    expect(slower).toMatchObject([{ because: 'pause', packetsPerSecond: 450 }]);
  } finally {
    await lab.close();
  }
});
