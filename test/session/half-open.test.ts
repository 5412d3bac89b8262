import type { Session } from '../../src/session';
import type { LabOptions } from '../local-aws/gateway/testing/lab';
import { ByteTarget, download, upload } from './byte-exact';
import { FakeClock } from './fake-clock';
import { SessionLab } from './session-lab';

const KIB = 1024;
const SECOND = 1_000;
/** A socket over which nothing comes must be given up by then. */
const NOTICED_WITHIN = 30 * SECOND;

let lab: SessionLab;
let clock: FakeClock;
let target: ByteTarget;

afterEach(() => lab.close());

async function start(options: LabOptions = {}): Promise<Session> {
  target = new ByteTarget();
  clock = new FakeClock();
  lab = await SessionLab.start({ target: target.serve, ...options });
  return lab.open({ clock });
}

const resumes = (): number => lab.calls.filter((call) => call === 'resume').length;

/** Lets time pass, second by second, in which the network does what it does; gives how much until the connection was lost. */
async function timeUntilLoss(most: number): Promise<number> {
  const from = clock.now();
  const isLost = (): boolean => lab.logged.includes('connection lost, resuming the session');
  while (!isLost() && clock.now() - from < most) {
    clock.advance(SECOND);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return clock.now() - from;
}

test.each(['idleness', 'an upload', 'a download'])('a socket that is half open is noticed within 30 seconds during %s, and the session is resumed', async (activity) => {
  const session = await start({ timing: { scale: 50 } });
  const socket = await lab.connect(session);
  await upload(socket, KIB);
  const { gateway } = lab.lab;
  gateway.silence();
  const moving = {
    'idleness': () => Promise.resolve(true),
    'an upload': () => upload(socket, 512 * KIB).then(({ here, there }) => here === there),
    'a download': () => download(socket, 512 * KIB).then((digest) => digest === target.sent[0]),
  }[activity]!();
  expect(await timeUntilLoss(60 * SECOND)).toBeLessThanOrEqual(NOTICED_WITHIN);
  expect(await moving).toBe(true);
  const { here, there } = await upload(socket, KIB);
  expect(there).toBe(here);
  expect(gateway.counters.silenced).toBeGreaterThan(0);
  expect(gateway.counters).toMatchObject({ cuts: 0, tokensAccepted: 2 });
  expect(resumes()).toBe(1);
  expect(lab.loggedWhole).toContain('["connection lost, resuming the session",{"reason":"the service does not answer"}]');
}, 30 * SECOND);

test('a service that stops answering pings is taken for gone when nothing else comes', async () => {
  const session = await start();
  const socket = await lab.connect(session);
  await upload(socket, KIB);
  lab.lab.gateway.faults.pongs = false;
  expect(await timeUntilLoss(60 * SECOND)).toBeLessThanOrEqual(NOTICED_WITHIN);
  const { here, there } = await upload(socket, KIB);
  expect(there).toBe(here);
  expect(lab.lab.gateway.counters.pings).toBeGreaterThan(0);
});

test('a service that stops answering pings is kept while data comes', async () => {
  const session = await start();
  const socket = await lab.connect(session);
  const { gateway } = lab.lab;
  gateway.faults.pongs = false;
  for (let seconds = 0; seconds < 120; seconds += 4) {
    clock.advance(4 * SECOND);
    await upload(socket, KIB);
  }
  expect(gateway.counters.pings).toBeGreaterThanOrEqual(5);
  expect(gateway.counters.tokensAccepted).toBe(1);
  expect(resumes()).toBe(0);
});
