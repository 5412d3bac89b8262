import { encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { COMMANDS, encodeFrame } from '../../../src/session/wire/smux';
import { Lab } from '../gateway/testing/lab';
import type { RawClient } from '../gateway/testing/raw-client';

let lab: Lab;

beforeEach(async () => {
  lab = await Lab.start();
});

afterEach(async () => lab.close());

function times(client: RawClient, sequence: number): number {
  return client.data.filter((message) => message.sequence === sequence).length;
}

async function passed(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

test('a message that comes again is acknowledged again, and taken once', async () => {
  const client = await lab.ready();
  client.open(3);
  const sequence = client.write(3, 'once');
  client.say(PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.PSH, 3, Buffer.from('once')), sequence);
  client.write(3, ' only');
  await client.untilReceived(3, 9);
  expect(client.received(3).toString()).toBe('once only');
  expect(client.acknowledged.filter((number) => number === sequence)).toHaveLength(2);
});

test('messages out of order are acknowledged at once and taken in order', async () => {
  const client = await lab.ready();
  const syn = client.open(3);
  const say = (text: string, sequence: number): void => {
    client.say(PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.PSH, 3, Buffer.from(text)), sequence);
  };
  say('c', syn + 3);
  say('b', syn + 2);
  await client.untilAcknowledged(syn + 3);
  await client.untilAcknowledged(syn + 2);
  expect(client.received(3).length).toBe(0);
  say('a', syn + 1);
  await client.untilReceived(3, 3);
  expect(client.received(3).toString()).toBe('abc');
});

test('of all that is not acknowledged only the oldest is sent again, at every tick of 100 ms past its time-out', async () => {
  const client = await lab.ready();
  client.open(3);
  // Each round trip of a few milliseconds brings the time-out down from 200 ms.
  for (let length = 1; length <= 40; length++) {
    client.write(3, '.');
    await client.untilReceived(3, length);
  }
  await passed(10);
  client.answer = () => undefined;
  client.write(3, 'first');
  await client.untilReceived(3, 45);
  client.write(3, 'second');
  await client.untilReceived(3, 51);
  const [next, oldest] = [...client.data].reverse();
  await client.untilTrue(() => times(client, oldest!.sequence) === 2);
  const at = performance.now();
  await client.untilTrue(() => times(client, oldest!.sequence) === 5);
  const ticks = (performance.now() - at) / 100;
  expect(ticks).toBeGreaterThan(2.8);
  expect(ticks).toBeLessThan(3.8);
  expect(times(client, next!.sequence)).toBe(1);
  client.sendRaw(encodeAcknowledgement(oldest!));
  await client.untilTrue(() => times(client, next!.sequence) === 2);
});

test('a lost acknowledgement that is never made good for hangs what is lost behind it', async () => {
  const client = await lab.ready();
  client.open(3);
  client.write(3, 'a');
  const seen = new Set<number>();
  client.answer = (message) => {
    const first = !seen.has(message.sequence);
    seen.add(message.sequence);
    return first ? encodeAcknowledgement(message) : undefined;
  };
  lab.gateway.faults.dropNth('toAgent', 'acks', 1);
  await client.untilReceived(3, 1);
  lab.gateway.faults.dropNth('toClient', 'data', 1);
  await client.untilAcknowledged(client.write(3, 'lost'));
  await client.untilTrue(() => times(client, 2) >= 4);
  expect(client.received(3).toString()).toBe('a');
  client.answer = encodeAcknowledgement;
  await client.untilReceived(3, 5);
  expect(client.received(3).toString()).toBe('alost');
});

test('a paused agent sends nothing, not even again, until it is started', async () => {
  const sessionId = lab.open();
  const client = await lab.ready(sessionId);
  client.open(3);
  await client.untilAcknowledged(client.write(3, 'x'));
  await client.untilReceived(3, 1);
  await passed(10);
  lab.gateway.announce(sessionId, 'agent', MESSAGE_TYPES.PAUSE);
  await passed(10);
  lab.connections[0]!.write('while paused');
  const heard = client.data.length;
  await passed(350);
  expect(client.data.length).toBe(heard);
  lab.gateway.announce(sessionId, 'agent', MESSAGE_TYPES.START);
  await client.untilReceived(3, 13);
});

test('whatever the client says wakes a paused agent', async () => {
  const sessionId = lab.open();
  const client = await lab.ready(sessionId);
  client.open(3);
  await client.untilAcknowledged(client.write(3, 'x'));
  await client.untilReceived(3, 1);
  lab.gateway.announce(sessionId, 'agent', MESSAGE_TYPES.PAUSE);
  await passed(10);
  client.write(3, 'y');
  await client.untilReceived(3, 2);
});

test('types that nobody knows, and frames that are no message, change nothing', async () => {
  const sessionId = lab.open();
  const client = await lab.ready(sessionId);
  lab.gateway.announce(sessionId, 'agent', 'never_heard_of');
  client.sendRaw(Buffer.from('nonsense'));
  client.open(3);
  client.write(3, 'x');
  await client.untilReceived(3, 1);
  expect(lab.gateway.counters.malformed).toBe(1);
});
