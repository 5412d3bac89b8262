import { ByteTarget, download, upload } from './byte-exact';
import { SessionLab } from './session-lab';

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1_000;
/** What a packet carries up, and what the agent sends at a time. */
const PAYLOAD = { up: 1016, down: 1024 } as const;
/** Every test on the real clock of the agent, which repeats one message per 100 ms: ten minutes more. */
const LONG = process.env.TUNNEL_LONG_TESTS === '1';
const SCALE = LONG ? 1 : 50;

/** The real agent's clock: how often it may repeat a message, how long it takes for a new one, and how long it waits for an acknowledgement at most. */
const AGENT = { tick: 100, chunk: 1.28, timeout: SECOND };
/** The longest that our sender waits before it repeats a message. */
const SENDER_TIMEOUT = SECOND;

interface Case {
  readonly size: number;
  readonly percent: number;
}
const CASES = [
  { name: '64 MiB', size: 64 * MIB, percent: 0.2 },
  { name: '64 MiB', size: 64 * MIB, percent: 1 },
  { name: '8 MiB', size: 8 * MIB, percent: 1 },
  { name: '2 MiB', size: 2 * MIB, percent: 5 },
  { name: '1 MiB', size: MIB, percent: 20 },
];

async function faultyLab(percent: number, scale: number) {
  const target = new ByteTarget();
  const lab = await SessionLab.start({ target: target.serve, timing: { scale } });
  const session = await lab.open({ packetsPerSecond: Infinity });
  const odds = percent / 100;
  lab.lab.gateway.faults.setOdds({ drop: odds, duplicate: odds, reorder: odds });
  return { lab, target, session };
}

/** Each of the faults has struck both data and acknowledgements about as often as it should, of either direction. */
function expectFaults(lab: SessionLab, { size, percent }: Case): void {
  const { toAgent, toClient } = lab.lab.gateway.counters;
  const expected = 2 * (size / PAYLOAD.up) * (percent / 100);
  for (const fault of ['dropped', 'duplicated', 'reordered'] as const) {
    expect(toAgent[fault] + toClient[fault]).toBeGreaterThan(0.6 * expected);
  }
}

/** What the agent has to repeat: what was lost on the way to us, and what we said we had and it never heard. */
function agentLosses(lab: SessionLab): number {
  const { toAgent, toClient } = lab.lab.gateway.counters;
  return toClient.dropped - toClient.droppedAcks + toAgent.droppedAcks;
}

/**
 * How many of the agent's ticks a download may take: those that its pace takes, one for each loss, and those of some time-outs. Twice as many,
 * since what is lost again waits for a time-out of its own.
 */
function allowedTicks(size: number, losses: number): number {
  return 2 * ((size / PAYLOAD.down) * (AGENT.chunk / AGENT.tick) + losses) + 5 * (AGENT.timeout / AGENT.tick);
}

/** Counts ticks as the agent does, in the process in which it does: on a busy machine both come late. */
async function ticksOf(act: () => Promise<void>): Promise<number> {
  let ticks = 0;
  const ticker = setInterval(() => ticks++, AGENT.tick);
  await act().finally(() => clearInterval(ticker));
  return ticks;
}

/** How long an upload may take: our sender repeats all that is overdue at once, so that each round leaves the lost part of the last one. */
function allowedUp(size: number, percent: number): number {
  const lost = 1 - (1 - percent / 100) ** 2;
  const rounds = Math.log(size / PAYLOAD.up) / -Math.log(lost);
  return size / MIB * SECOND + 1.5 * SENDER_TIMEOUT * (rounds + 5);
}

test.each(CASES.filter(({ size, percent }) => LONG || size * percent < 64 * MIB))('$name up arrive as they are while $percent % get lost, doubled and late, on the real clock', async ({ size, percent }) => {
  const { lab, session } = await faultyLab(percent, 1);
  try {
    const socket = await lab.connect(session);
    const before = performance.now();
    const { here, there } = await upload(socket, size);
    const elapsed = performance.now() - before;
    expect(there).toBe(here);
    expectFaults(lab, { size, percent });
    expect(lab.lab.gateway.counters.toAgent.resends).toBeGreaterThan(0);
    expect(elapsed).toBeLessThan(allowedUp(size, percent));
  } finally {
    await lab.close();
  }
}, 120 * SECOND);

test.each(CASES)(`$name down arrive as they are while $percent % get lost, doubled and late, 1:${SCALE}`, async ({ size, percent }) => {
  const { lab, target, session } = await faultyLab(percent, SCALE);
  try {
    const socket = await lab.connect(session);
    const ticks = await ticksOf(async () => expect(await download(socket, size)).toBe(target.sent[0]));
    expectFaults(lab, { size, percent });
    expect(lab.lab.gateway.counters.toClient.resends).toBeGreaterThan(0);
    if (LONG) expect(ticks).toBeLessThan(allowedTicks(size, agentLosses(lab)));
  } finally {
    await lab.close();
  }
}, (LONG ? 1_200 : 120) * SECOND);

test('a download on the real clock takes what the losses cost at the agent\'s tick, and no more', async () => {
  const size = 768 * KIB;
  const { lab, target, session } = await faultyLab(2, 1);
  try {
    const socket = await lab.connect(session);
    const ticks = await ticksOf(async () => expect(await download(socket, size)).toBe(target.sent[0]));
    const losses = agentLosses(lab);
    expect(losses).toBeGreaterThan(10);
    expect(ticks).toBeLessThan(allowedTicks(size, losses));
    expect(lab.lab.gateway.counters.toClient.resends).toBeLessThanOrEqual(ticks + 1);
  } finally {
    await lab.close();
  }
});

test('both ways at once, on many connections, nothing is mixed up', async () => {
  const { lab, target, session } = await faultyLab(1, SCALE);
  try {
    const sockets = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => lab.connect(session)));
    const [ups, downs] = await Promise.all([
      Promise.all(sockets.slice(0, 4).map((socket) => upload(socket, MIB / 2))),
      Promise.all(sockets.slice(4).map((socket) => download(socket, MIB / 2))),
    ]);
    for (const { here, there } of ups) expect(there).toBe(here);
    expect(downs.sort()).toEqual(target.sent.sort());
  } finally {
    await lab.close();
  }
});
