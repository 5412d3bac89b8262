import { setTimeout as sleep } from 'node:timers/promises';
import { ByteTarget, download, upload } from './byte-exact';
import { SessionLab } from './session-lab';

const MIB = 1024 * 1024;
const PAYLOAD = 1016;
/** The agent repeats one message per 100 ms: with its real clock these tests would take hours. */
const SCALE = 40;

interface Case {
  readonly mebibytes: number;
  readonly percent: number;
}
const CASES: Case[] = [{ mebibytes: 64, percent: 0.2 }, { mebibytes: 8, percent: 1 }, { mebibytes: 1, percent: 5 }];

async function faultyLab(percent: number) {
  const target = new ByteTarget();
  const lab = await SessionLab.start({ target: target.serve, timing: { scale: SCALE } });
  const session = await lab.open({ packetsPerSecond: Infinity });
  const odds = percent / 100;
  lab.lab.gateway.faults.setOdds({ drop: odds, duplicate: odds, reorder: odds });
  return { lab, target, session };
}

/** Each of the faults has struck both data and acknowledgements about as often as it should, of either direction. */
function expectFaults(lab: SessionLab, { mebibytes, percent }: Case): void {
  const { toAgent, toClient } = lab.lab.gateway.counters;
  const expected = 2 * (mebibytes * MIB / PAYLOAD) * (percent / 100);
  for (const fault of ['dropped', 'duplicated', 'reordered'] as const) {
    expect(toAgent[fault] + toClient[fault]).toBeGreaterThan(0.6 * expected);
  }
}

test.each(CASES)('$mebibytes MiB up arrive as they are while $percent % get lost, doubled and late', async ({ mebibytes, percent }) => {
  const { lab, session } = await faultyLab(percent);
  try {
    const { here, there } = await upload(await lab.connect(session), mebibytes * MIB);
    expect(there).toBe(here);
    expectFaults(lab, { mebibytes, percent });
    expect(lab.lab.gateway.counters.toAgent.resends).toBeGreaterThan(0);
  } finally {
    await lab.close();
  }
});

test.each(CASES)('$mebibytes MiB down arrive as they are while $percent % get lost, doubled and late', async ({ mebibytes, percent }) => {
  const { lab, target, session } = await faultyLab(percent);
  try {
    expect(await download(await lab.connect(session), mebibytes * MIB)).toBe(target.sent[0]);
    expectFaults(lab, { mebibytes, percent });
    expect(lab.lab.gateway.counters.toClient.resends).toBeGreaterThan(0);
  } finally {
    await lab.close();
  }
});

test('both ways at once, on many connections, nothing is mixed up', async () => {
  const { lab, target, session } = await faultyLab(1);
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

test.each([
  ['upload', 'abrupt', 'queued'], ['upload', 'bye', 'lost'], ['download', 'abrupt', 'lost'], ['download', 'bye', 'queued'],
] as const)('%s goes on where it was when the connection is cut again and again: %s, what is sent meanwhile %s', async (direction, how, whileAway) => {
  const target = new ByteTarget();
  const lab = await SessionLab.start({ target: target.serve });
  try {
    const { gateway } = lab.lab;
    gateway.faults.whileAway = whileAway;
    const session = await lab.open();
    const socket = await lab.connect(session);
    const moved = direction === 'upload' ? upload(socket, 2 * MIB).then(({ here, there }) => here === there)
      : download(socket, 2 * MIB).then((digest) => digest === target.sent[0]);
    for (let cuts = 0; cuts < 2; cuts++) {
      await sleep(1_100);
      gateway.cut(how);
    }
    expect(await moved).toBe(true);
    expect(gateway.counters).toMatchObject({ cuts: 2, tokensAccepted: 3 });
    expect(lab.calls.filter((call) => call === 'resume')).toHaveLength(2);
    expect(session.isOpen).toBe(true);
  } finally {
    await lab.close();
  }
});
