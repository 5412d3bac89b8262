import { MESSAGE_TYPES } from '../../../src/session/wire/message';
import { PacketLimiter } from './packet-limiter';
import { Lab } from './testing/lab';

/** The millisecond in which the limiter strikes, when so many messages a second come. */
function strikesAfter(messagesPerSecond: number, limit: number): number | undefined {
  const limiter = new PacketLimiter();
  const times = Array.from({ length: messagesPerSecond * 10 }, (_, i) => 5000 + (i * 1000) / messagesPerSecond);
  const struck = times.find((now) => limiter.exceeds(limit, now));
  return struck === undefined ? undefined : struck - 5000;
}

test('it strikes when the limit is passed for two seconds', () => {
  expect(strikesAfter(1100, 1000)).toBeGreaterThanOrEqual(2000);
  expect(strikesAfter(1100, 1000)).toBeLessThan(2100);
});

test('it never strikes at the limit or without one', () => {
  expect(strikesAfter(1000, 1000)).toBeUndefined();
  expect(strikesAfter(5000, 0)).toBeUndefined();
});

test('a second below the limit makes good for one above', () => {
  const limiter = new PacketLimiter();
  const struck = Array.from({ length: 10 }, (_, second) => second).some((second) =>
    Array.from({ length: second % 2 === 0 ? 20 : 5 }, (_, i) => limiter.exceeds(10, 5000 + second * 1000 + i)).includes(true));
  expect(struck).toBe(false);
});

let lab: Lab | undefined;

afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

test('a client that keeps sending too fast is hung up on', async () => {
  lab = await Lab.start();
  lab.gateway.faults.packetsPerSecond = 100;
  const client = await lab.ready();
  client.open(3);
  const flood = setInterval(() => {
    for (let i = 0; i < 5; i++) client.write(3, 'x');
  }, 10);
  expect(await client.closing()).toBe(1000);
  clearInterval(flood);
  expect(lab.gateway.counters.limited).toBe(1);
});

test('an agent that keeps sending too fast is paused, and goes on', async () => {
  const length = 512 * 1024;
  lab = await Lab.start({ target: (socket) => socket.resume().write(Buffer.alloc(length)), timing: { scale: 2 } });
  lab.gateway.faults.packetsPerSecond = 100;
  const sessionId = lab.open();
  const client = await lab.ready(sessionId);
  client.answer = () => undefined;
  client.open(3);
  setTimeout(() => lab?.connections[0]?.write(Buffer.alloc(length)), 1100);
  setTimeout(() => lab?.connections[0]?.write(Buffer.alloc(length)), 2200);
  await client.untilReceived(3, 3 * length);
  expect(lab.gateway.counters.pauses).toBeGreaterThanOrEqual(1);
  expect(client.data.every((message) => message.type === MESSAGE_TYPES.OUTPUT)).toBe(true);
});
