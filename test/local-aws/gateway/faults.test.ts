import { encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { MESSAGE_TYPES } from '../../../src/session/wire/message';
import { Lab, type LabOptions } from './testing/lab';
import type { RawClient } from './testing/raw-client';

let lab: Lab;

async function start(options: LabOptions = {}): Promise<Lab> {
  lab = await Lab.start(options);
  return lab;
}

afterEach(async () => lab.close());

/** A client with one stream that has carried a byte there and back. */
async function talking(sessionId = lab.open()): Promise<RawClient> {
  const client = await lab.ready(sessionId);
  client.open(3);
  client.write(3, '.');
  await client.untilReceived(3, 1);
  return client;
}

async function reattach(client: RawClient, sessionId: string): Promise<void> {
  lab.gateway.reissue(sessionId, 'again');
  await client.connect(lab.url(sessionId), 'again');
}

async function passed(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

test('a frame and its answer take the delay each way', async () => {
  await start();
  const client = await talking();
  lab.gateway.faults.delay = 40;
  const at = performance.now();
  await client.untilAcknowledged(client.write(3, 'x'));
  expect(performance.now() - at).toBeGreaterThanOrEqual(79);
});

test('frames stay in order whatever the delay does', async () => {
  await start();
  const client = await talking();
  const sent: number[] = [];
  for (let i = 0; i < 40; i++) {
    lab.gateway.faults.delay = i % 2 === 0 ? 20 : 1;
    sent.push(client.write(3, 'x'));
    if (i % 5 === 0) await passed(1);
  }
  await client.untilAcknowledged(sent.at(-1)!);
  expect(client.acknowledged.slice(-sent.length)).toEqual(sent);
});

test('exactly the n-th frame of a kind is dropped', async () => {
  await start();
  const client = await talking();
  lab.gateway.faults.dropNth('toAgent', 'data', 2);
  lab.gateway.faults.dropNth('toClient', 'acks', 1);
  const [first, second, third] = [client.write(3, 'a'), client.write(3, 'b'), client.write(3, 'c')];
  await client.untilAcknowledged(third);
  await passed(20);
  expect(client.acknowledged).not.toContain(first);
  expect(client.acknowledged).not.toContain(second);
  expect(client.received(3).toString()).toBe('.a');
  expect(lab.gateway.counters.toAgent).toMatchObject({ dropped: 1, resends: 0 });
  expect(lab.gateway.counters.toClient.dropped).toBe(1);
});

test.each([
  ['dropped', 'drop'], ['duplicated', 'duplicate'], ['reordered', 'reorder'],
] as const)('frames are %s with the odds of their direction and kind, and counted', async (counter, odd) => {
  await start();
  const client = await talking();
  lab.gateway.faults.toAgent.data[odd] = 0.5;
  for (let i = 0; i < 400; i++) client.write(3, 'x');
  await passed(100);
  const { toAgent, toClient } = lab.gateway.counters;
  expect(toAgent[counter]).toBeGreaterThan(150);
  expect(toAgent[counter]).toBeLessThan(250);
  for (const other of (['dropped', 'duplicated', 'reordered'] as const).filter((name) => name !== counter)) expect(toAgent[other]).toBe(0);
  expect(toClient[counter]).toBe(0);
});

test('a reordered message is overtaken', async () => {
  await start();
  const client = await talking();
  lab.gateway.faults.lateness = 200;
  lab.gateway.faults.toAgent.data.reorder = 1;
  const late = client.write(3, 'a');
  while (lab.gateway.counters.toAgent.reordered === 0) await passed(1);
  lab.gateway.faults.toAgent.data.reorder = 0;
  const early = client.write(3, 'b');
  await client.untilAcknowledged(late);
  expect(client.acknowledged.slice(-2)).toEqual([early, late]);
  await client.untilReceived(3, 3);
  expect(client.received(3).toString()).toBe('.ab');
});

test('the same seed strikes the same messages', async () => {
  const struck = async (seed: number): Promise<number[]> => {
    await start();
    lab.gateway.faults.seed = seed;
    const client = await talking();
    lab.gateway.faults.toAgent.data.drop = 0.3;
    const sent = Array.from({ length: 100 }, () => client.write(3, 'x'));
    await passed(60);
    const missing = sent.filter((sequence) => !client.acknowledged.includes(sequence));
    await lab.close();
    return missing;
  };
  const first = await struck(7);
  expect(first.length).toBeGreaterThan(10);
  expect(await struck(7)).toEqual(first);
  expect(await struck(8)).not.toEqual(first);
});

test('a message that comes again counts as resent', async () => {
  await start();
  const client = await talking();
  client.sendRaw(encodeAcknowledgement(client.data[0]!));
  client.say(1, Buffer.from('0100000003000000', 'hex'), 1);
  await client.untilTrue(() => client.acknowledged.filter((sequence) => sequence === 1).length === 2);
  expect(lab.gateway.counters.toAgent.resends).toBe(1);
});

test.each([['abrupt', 1006], ['bye', 1000]] as const)('a socket is cut on demand: %s', async (how, code) => {
  await start();
  const sessionId = lab.open();
  const client = await talking(sessionId);
  lab.gateway.cut(how, sessionId);
  expect(await client.closing()).toBe(code);
  expect(lab.gateway.isOpen(sessionId)).toBe(true);
  expect(lab.gateway.counters.cuts).toBe(1);
  await reattach(client, sessionId);
  client.write(3, 'still there');
  await client.untilReceived(3, 12);
});

test('sockets are cut every so often', async () => {
  await start();
  lab.gateway.faults.cutEvery = 60;
  lab.gateway.faults.cutHow = 'bye';
  const sessionId = lab.open();
  const client = await talking(sessionId);
  expect(await client.closing()).toBe(1000);
  await reattach(client, sessionId);
  expect(await client.closing()).toBe(1000);
  expect(lab.gateway.counters.cuts).toBe(2);
});

test('what the agent says while the client is away is lost, and sent again one by one', async () => {
  await start();
  const sessionId = lab.open();
  const client = await talking(sessionId);
  lab.gateway.cut('bye', sessionId);
  await client.closing();
  lab.connections[0]!.write('one');
  await passed(20);
  lab.connections[0]!.write('two');
  await passed(20);
  expect(lab.gateway.counters.toClient.lost).toBe(2);
  await reattach(client, sessionId);
  await client.untilReceived(3, 7);
  expect(client.received(3).toString()).toBe('.onetwo');
  expect(lab.gateway.counters.toClient.resends).toBeGreaterThanOrEqual(2);
});

test('what the agent says while the client is away is kept where that is set', async () => {
  await start();
  lab.gateway.faults.whileAway = 'queued';
  const sessionId = lab.open();
  const client = await talking(sessionId);
  lab.gateway.cut('bye', sessionId);
  await client.closing();
  lab.connections[0]!.write('kept');
  await passed(20);
  await reattach(client, sessionId);
  await client.untilReceived(3, 5);
  expect(lab.gateway.counters.toClient).toMatchObject({ lost: 0, resends: 0 });
});

test('a silenced socket carries nothing, answers no ping and is not closed; a new one is well', async () => {
  await start();
  const sessionId = lab.open();
  const client = await talking(sessionId);
  expect(await client.ping(1000)).toBe(true);
  lab.gateway.silence(sessionId);
  client.write(3, 'to nobody');
  lab.connections[0]!.write('to nobody');
  expect(await client.ping(100)).toBe(false);
  expect(client.received(3).toString()).toBe('.');
  expect(client.closeCode).toBeUndefined();
  await reattach(client, sessionId);
  expect(await client.ping(1000)).toBe(true);
  await client.untilReceived(3, 10);
});

test('TerminateSession tells the client by a message padded with NULs and of an odd type, then hangs up', async () => {
  await start();
  const sessionId = lab.open();
  const client = await talking(sessionId);
  lab.gateway.faults.delay = 20;
  lab.connections[0]!.write('on the way');
  await passed(10);
  lab.gateway.terminate(sessionId);
  const closed = await client.until((message) => message.type === MESSAGE_TYPES.CHANNEL_CLOSED);
  expect(closed.payloadType).toBe(261);
  expect(JSON.parse(closed.payload.toString())).toEqual({
    MessageId: expect.any(String),
    CreatedDate: expect.any(String),
    DestinationId: expect.any(String),
    SessionId: sessionId,
    MessageType: 'channel_closed',
    SchemaVersion: 1,
    Output: '',
  });
  expect(client.received(3).toString()).toBe('.on the way');
  expect(await client.closing()).toBe(1000);
});

test('messages of types that nobody knows reach the client', async () => {
  await start();
  const sessionId = lab.open();
  const client = await talking(sessionId);
  lab.gateway.announce(sessionId, 'client', 'weather_forecast');
  await client.until((message) => message.type === 'weather_forecast');
});

test('when an instance stops its sessions end, and no others', async () => {
  await start();
  const [stopped, other] = [lab.open({ instanceId: 'i-1' }), lab.open({ instanceId: 'i-2' })];
  const [client] = [await talking(stopped), await talking(other)];
  const closed = new Promise((resolve) => lab.gateway.once('closed', resolve));
  lab.gateway.stopInstance('i-1');
  expect(await closed).toEqual({ sessionId: stopped, reason: 'instance stopped' });
  await client.until((message) => message.type === MESSAGE_TYPES.CHANNEL_CLOSED);
  expect([lab.gateway.isOpen(stopped), lab.gateway.isOpen(other)]).toEqual([false, true]);
});

test('when an instance stops in silence its clients hear nothing, and are still answered by the service', async () => {
  await start();
  lab.gateway.faults.stoppedInstance = 'silence';
  const sessionId = lab.open();
  const client = await talking(sessionId);
  const targetGone = new Promise((resolve) => lab.connections[0]!.once('close', resolve));
  lab.gateway.stopInstance('i-0123456789abcdef0');
  await targetGone;
  const sequence = client.write(3, 'x');
  expect(await client.ping(1000)).toBe(true);
  await passed(50);
  expect(client.acknowledged).not.toContain(sequence);
  expect(client.closeCode).toBeUndefined();
});

test('nothing is left when it closes, whatever was going on', async () => {
  const resources = (): string[] => process.getActiveResourcesInfo()
    .filter((kind) => ['TCPSocketWrap', 'TCPServerWrap', 'Timeout', 'Immediate'].includes(kind));
  // What earlier tests have closed goes away a little later.
  await passed(50);
  const before = resources();
  await start({ target: (socket) => socket.pause() });
  lab.gateway.faults.cutEvery = 60_000;
  const client = await lab.ready();
  await lab.connect();
  lab.open();
  lab.gateway.faults.agent.blackHoles = 1;
  for (const streamId of [3, 5, 7]) client.open(streamId);
  for (let i = 0; i < 100; i++) client.write(3, Buffer.alloc(10_000));
  await passed(20);
  client.close();
  await lab.close();
  await passed(50);
  expect(resources()).toEqual(before);
});

test('a service that answers no pings carries data all the same', async () => {
  await start();
  const client = await talking();
  lab.gateway.faults.pongs = false;
  expect(await client.ping(50)).toBe(false);
  await client.untilAcknowledged(client.write(3, 'x'));
  expect(lab.gateway.counters).toMatchObject({ pings: 1, silenced: 0 });
});

test('what is meant for a silent socket, or comes from it, is counted', async () => {
  await start();
  const client = await talking();
  lab.gateway.silence();
  client.write(3, 'x');
  expect(await client.ping(50)).toBe(false);
  expect(lab.gateway.counters.silenced).toBeGreaterThanOrEqual(2);
});
