import { createHash, type Hash, randomBytes } from 'node:crypto';
import { Lab } from '../gateway/testing/lab';
import { Pump } from './pump';
import { agentTiming } from './timing';

const MIB = 1024 * 1024;

let lab: Lab | undefined;

afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

/** Reads so many bytes of a stream, keeping none. Gives MiB a second from the first to the last. */
async function download(length: number, hash?: Hash): Promise<number> {
  const client = await lab!.ready();
  client.open(3);
  let first = 0;
  let read = 0;
  await client.untilTrue(() => {
    client.heard.length = 0;
    for (const { data } of client.frames.splice(0)) {
      first ||= performance.now();
      read += data.length;
      hash?.update(data);
    }
    return read >= length;
  });
  return length / MIB / ((performance.now() - first) / 1000);
}

test('at scale 1 the agent sends no more than 0.85 MiB a second to a reader that does nothing but acknowledge', async () => {
  lab = await Lab.start({ target: (socket) => socket.resume().end(Buffer.alloc(2 * MIB)) });
  expect(await download(2 * MIB)).toBeLessThan(0.85);
});

test('the ceiling is one for all streams together', async () => {
  lab = await Lab.start({ target: (socket) => socket.resume().end(Buffer.alloc(MIB / 4)) });
  const client = await lab.ready();
  const at = performance.now();
  for (const streamId of [3, 5, 7, 9]) client.open(streamId);
  for (const streamId of [3, 5, 7, 9]) await client.untilFinished(streamId);
  expect(1 / ((performance.now() - at) / 1000)).toBeLessThan(0.85);
});

test('chunks take their time, however late the timers are', async () => {
  const at = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const pump = new Pump({
      timing: agentTiming(), waiting: () => sent < 200, ready: () => true, sendChunk: () => ++sent === 200 && resolve(),
    });
    pump.wake();
  });
  expect(performance.now() - at).toBeGreaterThanOrEqual(199 * 1.28);
});

test.each([[64, 0.002], [8, 0.01], [1, 0.05]])('%d MiB arrive whole when %d of all frames are lost, doubled or late', async (mib, odds) => {
  const bytes = randomBytes(mib * MIB);
  lab = await Lab.start({ timing: { scale: 50 }, target: (socket) => socket.resume().end(bytes) });
  lab.gateway.faults.setOdds({ drop: odds, duplicate: odds, reorder: odds });
  const hash = createHash('sha256');
  await download(bytes.length, hash);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  const { toClient, toAgent } = lab.gateway.counters;
  for (const { dropped, duplicated, reordered } of [toClient, toAgent]) expect(Math.min(dropped, duplicated, reordered)).toBeGreaterThan(0);
  expect(toClient.resends).toBeGreaterThanOrEqual(toClient.dropped);
});

test('scaling divides every time, and goes from 1 to 50', () => {
  expect(agentTiming({ scale: 50 })).toMatchObject({ pace: 0.02, tick: 2, handshakeLimit: 300, drain: 40, scale: 50 });
  expect(() => agentTiming({ scale: 51 })).toThrow("the agent's scale is 51; it must be from 1 to 50");
  expect(() => agentTiming({ scale: 0.5 })).toThrow("the agent's scale is 0.5; it must be from 1 to 50");
});
