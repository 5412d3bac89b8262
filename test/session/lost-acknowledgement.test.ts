import { once } from 'node:events';
import type { Socket } from 'node:net';
import { SessionLab } from './session-lab';

const TRIES = 7;
const BOUND = 1_000;

async function echoed(socket: Socket, text: string): Promise<void> {
  socket.write(text);
  let answer = '';
  while (answer.length < text.length) answer += ((await once(socket, 'data')) as [Buffer])[0].toString();
  expect(answer).toBe(text);
}

/*
 * The official client never recovers from this: it does not acknowledge again, the agent repeats the oldest message only,
 * and never comes to the one that was lost.
 */
test.each([
  ['the agent', 'toClient', 'toAgent'], ['the client', 'toAgent', 'toClient'],
] as const)('an acknowledgement that %s misses, and then a message of its own that is lost, cost less than a second', async (_, messages, acknowledgements) => {
  const lab = await SessionLab.start();
  try {
    const { faults, counters } = lab.lab.gateway;
    const socket = await lab.connect(await lab.open());
    await echoed(socket, 'at peace');
    const times: number[] = [];
    while (times.length < TRIES) {
      const before = counters[messages].resends;
      faults.dropNth(acknowledgements, 'acks', 1);
      await echoed(socket, 'unacknowledged');
      faults.dropNth(messages, 'data', 1);
      const lostAt = performance.now();
      await echoed(socket, 'lost');
      const time = performance.now() - lostAt;
      // Both were sent again: the one of which nobody heard that it had come, and the one that had not.
      // On a busy machine a repeat may come early and be the one that is lost: that is no try.
      if (counters[messages].resends >= before + 2) times.push(time);
    }
    expect(counters[messages].dropped).toBeGreaterThanOrEqual(TRIES);
    expect(counters[acknowledgements].dropped).toBeGreaterThanOrEqual(TRIES);
    expect(times.sort((a, b) => a - b)[Math.floor(TRIES / 2)]).toBeLessThan(BOUND);
  } finally {
    await lab.close();
  }
});
