import { FLAGS, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { COMMANDS } from '../../../src/session/wire/smux';
import { Lab, type LabOptions } from '../gateway/testing/lab';
import type { RawClient } from '../gateway/testing/raw-client';

let lab: Lab;

async function start(options: LabOptions = {}): Promise<Lab> {
  lab = await Lab.start(options);
  return lab;
}

afterEach(async () => lab.close());

async function closedOutput(client: RawClient): Promise<string> {
  const closed = await client.until((message) => message.type === MESSAGE_TYPES.CHANNEL_CLOSED);
  return JSON.parse(closed.payload.toString()).Output;
}

test('the agent tells its version, echoes the properties, and shows the message for the customer', async () => {
  await start();
  lab.gateway.faults.agent.version = '3.0.196.0';
  lab.gateway.faults.agent.customerMessage = 'Mind the gap';
  const client = await lab.ready();
  const [request, complete] = client.data.map((message) => JSON.parse(message.payload.toString()));
  expect(request).toEqual({
    AgentVersion: '3.0.196.0',
    RequestedClientActions: [{
      ActionType: 'SessionType',
      ActionParameters: {
        SessionType: 'Port',
        Properties: { host: 'db.internal', localPortNumber: '15432', portNumber: '5432', type: 'LocalPortForwarding' },
      },
    }],
  });
  expect(complete).toEqual({ HandshakeTimeToComplete: expect.any(Number), CustomerMessage: 'Mind the gap' });
});

test('a client that fails an action ends the session', async () => {
  await start();
  const client = await lab.connect();
  await client.handshake('1.2.814.0', 3);
  expect(await closedOutput(client)).toBe('SessionType failed on client with status 3 error: no');
});

test('a client that does not answer for 15 s ends the session', async () => {
  await start({ timing: { handshakeLimit: 300 } });
  const client = await lab.connect();
  expect(await closedOutput(client)).toBe('Handshake timed out. Please ensure that you have the latest version of the session manager plugin.');
});

test('encryption is asked for on demand', async () => {
  await start();
  lab.gateway.faults.agent.kmsKeyId = 'alias/none';
  const client = await lab.connect();
  const { payload } = await client.until((message) => message.payloadType === PAYLOAD_TYPES.HANDSHAKE_REQUEST);
  expect(JSON.parse(payload.toString()).RequestedClientActions[1]).toEqual({ ActionType: 'KMSEncryption', ActionParameters: { KMSKeyId: 'alias/none' } });
});

test('as many sessions as said are accepted and never shake hands', async () => {
  await start();
  lab.gateway.faults.agent.silentSessions = 1;
  const silent = await lab.connect();
  await lab.ready();
  expect(silent.heard).toEqual([]);
  expect(await silent.ping(1000)).toBe(true);
});

test('data before the end of the handshake is acknowledged and thrown away', async () => {
  await start();
  const client = await lab.connect();
  await client.untilAcknowledged(client.open(3));
  await client.handshake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await client.untilAcknowledged(client.write(3, 'to a stream that was never opened'));
  expect(lab.connections).toHaveLength(0);
});

test('data is neither acknowledged nor counted until the plugin is ready, and taken when it comes again', async () => {
  await start({ timing: { notReady: 60 } });
  const client = await lab.connect();
  await client.handshake();
  const early = client.open(3);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(client.acknowledged).not.toContain(early);
  await new Promise((resolve) => setTimeout(resolve, 60));
  client.say(PAYLOAD_TYPES.OUTPUT, Buffer.from('0100000003000000', 'hex'), early);
  await client.untilAcknowledged(early);
  client.write(3, 'hello');
  await client.untilReceived(3, 5);
  expect(client.received(3).toString()).toBe('hello');
});

test('a host without an address ends the session after the handshake', async () => {
  await start({ resolveHost: () => undefined });
  const client = await lab.connect();
  await client.handshake();
  expect(await closedOutput(client)).toBe('lookup db.internal: no such host');
});

test('the metadata service is forwarded to for nobody', async () => {
  await start();
  const properties = { host: '169.254.169.254', portNumber: '80', localPortNumber: '0', type: 'LocalPortForwarding' };
  const client = await lab.connect(lab.open({ properties }));
  await client.handshake();
  expect(await closedOutput(client)).toBe('Forwarding to IP address 169.254.169.254 is forbidden.');
});

test('the host is looked up once for a session', async () => {
  const asked: string[] = [];
  await start({
    resolveHost: (host, port) => {
      asked.push(`${host}:${port}`);
      return { host: '127.0.0.1', port: lab.targetPort };
    },
  });
  const client = await lab.ready();
  for (const streamId of [3, 5]) {
    client.open(streamId);
    client.write(streamId, 'x');
    await client.untilReceived(streamId, 1);
  }
  expect(asked).toEqual(['db.internal:5432']);
});

test('a client too old for multiplexing is refused', async () => {
  await start();
  const client = await lab.connect();
  await client.handshake('1.1.69.0');
  expect(await closedOutput(client)).toMatch(/1\.1\.69\.0/);
});

test('an old client is kept alive, and ended when it stays silent; a newer one is neither', async () => {
  await start({ timing: { keepAlive: 20, keepAliveLimit: 60 } });
  const old = await lab.connect();
  await old.handshake('1.2.331.0');
  const newer = await lab.connect();
  await newer.handshake('1.2.331.1');
  expect(await closedOutput(old)).toBe('');
  expect(old.frames.length).toBeGreaterThanOrEqual(1);
  expect(new Set(old.frames.map((frame) => frame.command))).toEqual(new Set([COMMANDS.NOP]));
  expect(newer.frames).toEqual([]);
});

test('the terminate flag is acknowledged and ends the session, whose target is let go', async () => {
  await start();
  const ended = new Promise((resolve) => lab.gateway.once('closed', resolve));
  const sessionId = lab.open();
  const client = await lab.ready(sessionId);
  client.open(3);
  client.write(3, 'x');
  await client.untilReceived(3, 1);
  const targetEnded = new Promise((resolve) => lab.connections[0]!.once('close', resolve));
  const flag = client.say(PAYLOAD_TYPES.FLAG, Buffer.from([0, 0, 0, FLAGS.TERMINATE_SESSION]));
  expect(await closedOutput(client)).toBe('');
  expect(client.acknowledged).toContain(flag);
  expect(await ended).toEqual({ sessionId, reason: 'terminate flag' });
  expect(lab.gateway.isOpen(sessionId)).toBe(false);
  await targetEnded;
});

test('a terminated session waits for what is not acknowledged, and no longer than 2 s', async () => {
  await start({ timing: { drain: 500 } });
  const client = await lab.ready();
  client.answer = () => undefined;
  client.open(3);
  client.write(3, 'x');
  await client.untilReceived(3, 1);
  const at = performance.now();
  client.say(PAYLOAD_TYPES.FLAG, Buffer.from([0, 0, 0, FLAGS.TERMINATE_SESSION]));
  await closedOutput(client);
  expect(performance.now() - at).toBeGreaterThanOrEqual(495);
  expect(client.data.filter((message) => message.sequence === 2).length).toBeGreaterThanOrEqual(2);
});
