import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { FLAGS, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { COMMANDS, encodeFrame, MAX_FRAME_LENGTH } from '../../../src/session/wire/smux';
import { Lab, type LabOptions } from '../gateway/testing/lab';

let lab: Lab;

async function start(options: LabOptions = {}): Promise<Lab> {
  lab = await Lab.start(options);
  return lab;
}

afterEach(async () => lab.close());

async function ended(socket: Socket): Promise<void> {
  if (!socket.readableEnded) await new Promise((resolve) => socket.once('end', resolve));
}

test('frames reach 32768 bytes and span messages of 1024', async () => {
  const bytes = randomBytes(100_000);
  await start({ target: (socket) => socket.resume().end(bytes), timing: { scale: 10 } });
  const client = await lab.ready();
  client.open(3);
  await client.untilFinished(3);
  expect(client.received(3).equals(bytes)).toBe(true);
  const pushed = client.frames.filter((frame) => frame.command === COMMANDS.PSH);
  expect(Math.max(...pushed.map((frame) => frame.data.length))).toBe(MAX_FRAME_LENGTH);
  expect(Math.max(...client.data.map((message) => message.payload.length))).toBe(1024);
});

test('frames of the client may be cut anywhere', async () => {
  await start();
  const client = await lab.ready();
  const bytes = Buffer.concat([encodeFrame(COMMANDS.SYN, 3), encodeFrame(COMMANDS.PSH, 3, Buffer.from('in pieces'))]);
  for (const byte of bytes) client.say(PAYLOAD_TYPES.OUTPUT, Buffer.from([byte]));
  await client.untilReceived(3, 9);
  expect(client.received(3).toString()).toBe('in pieces');
});

test('a refused stream is told by a flag, then FIN, and what it still sends is acknowledged', async () => {
  await start({ target: undefined });
  const client = await lab.ready();
  client.open(3);
  await client.untilFinished(3);
  const [flag, fin] = client.data.slice(2);
  expect([flag!.payloadType, flag!.payload.readUInt32BE(0)]).toEqual([PAYLOAD_TYPES.FLAG, FLAGS.CONNECT_TO_PORT_ERROR]);
  expect(fin!.payload.toString('hex')).toBe('0101000003000000');
  await client.untilAcknowledged(client.write(3, 'to nobody'));
});

test('a target that does not answer the dial blocks the streams behind it, and none before', async () => {
  await start();
  const client = await lab.ready();
  client.open(3);
  client.write(3, 'a');
  await client.untilReceived(3, 1);
  lab.gateway.faults.agent.blackHoles = 1;
  client.open(5);
  client.open(7);
  client.write(7, 'b');
  client.write(3, 'c');
  await client.untilReceived(3, 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(lab.connections).toHaveLength(1);
  expect(client.received(7).length).toBe(0);
});

test("the client's FIN lets the target have what was sent, and loses its answer", async () => {
  const got: Buffer[] = [];
  await start({
    target: (socket) => socket.on('data', (bytes) => got.push(bytes)).on('end', () => {
      socket.write('too late');
      socket.end();
    }),
  });
  const client = await lab.ready();
  client.open(3);
  client.write(3, 'last words');
  client.finish(3);
  await client.untilFinished(3);
  await ended(lab.connections[0]!);
  await client.untilAcknowledged(client.write(3, 'after the end'));
  expect(Buffer.concat(got).toString()).toBe('last words');
  expect(client.received(3).length).toBe(0);
});

test("the target's end reaches the client behind its last byte", async () => {
  await start({ target: (socket) => socket.end('bye') });
  const client = await lab.ready();
  client.open(3);
  await client.untilFinished(3);
  expect(client.received(3).toString()).toBe('bye');
});

test('a connection that the target resets ends like any other', async () => {
  await start({ target: (socket) => socket.resetAndDestroy() });
  const client = await lab.ready();
  client.open(3);
  client.write(3, 'x');
  await client.untilFinished(3);
});

test('4 MiB that a target does not read stop all acknowledgements, until it reads', async () => {
  await start({ target: (socket) => socket.pause() });
  const client = await lab.ready();
  client.open(3);
  const piece = Buffer.alloc(MAX_FRAME_LENGTH);
  const pieces = 800;
  for (let i = 0; i < pieces; i++) client.write(3, piece);
  await client.untilTrue(() => client.acknowledged.length * piece.length > 4 * 1024 * 1024);
  // The kernel's own buffers take a while to fill.
  let seen = 0;
  while (seen < client.acknowledged.length) {
    seen = client.acknowledged.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(seen).toBeLessThan(pieces);
  let read = 0;
  lab.connections[0]!.on('data', (bytes) => { read += bytes.length; });
  lab.connections[0]!.resume();
  await client.untilTrue(() => client.acknowledged.length === pieces + 2);
  await client.untilAcknowledged(client.finish(3));
  await ended(lab.connections[0]!);
  expect(read).toBe(pieces * piece.length);
});

test('a stalled stream lets no other through', async () => {
  await start({ target: (socket) => (lab.connections.length === 1 ? socket.pause() : socket.pipe(socket)) });
  const client = await lab.ready();
  client.open(3);
  client.open(5);
  for (let i = 0; i < 400; i++) client.write(3, Buffer.alloc(MAX_FRAME_LENGTH));
  client.write(5, 'x');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(client.received(5).length).toBe(0);
  lab.connections[0]!.resume();
  await client.untilReceived(5, 1);
});

test('a version of smux that is not 1 kills the session', async () => {
  await start();
  const closed = new Promise((resolve) => lab.gateway.once('closed', resolve));
  const sessionId = lab.open();
  const client = await lab.ready(sessionId);
  client.say(PAYLOAD_TYPES.OUTPUT, Buffer.from('0200000003000000', 'hex'));
  await client.until((message) => message.type === MESSAGE_TYPES.CHANNEL_CLOSED);
  expect(await closed).toEqual({ sessionId, reason: 'invalid protocol' });
});
