import { MESSAGE_TYPES } from '../../../src/session/wire/message';
import { Lab } from './testing/lab';
import { tokenFrame } from './testing/raw-client';

const HEX = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

let lab: Lab;

afterEach(async () => lab.close());

function authorization(service: string, headers: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/${service}/aws4_request, SignedHeaders=${headers}, Signature=${HEX}`;
}

async function connectWith(headers: Record<string, string>, sessionId = lab.open(), query = ''): Promise<void> {
  await lab.newClient().connect(lab.url(sessionId) + query, `token-${sessionId}`, { headers });
}

test.each([
  ['no signature', {}],
  ['one for another service', { authorization: authorization('ssm', 'host;x-amz-date') }],
  ['one that leaves out the host', { authorization: authorization('ssmmessages', 'x-amz-date') }],
  ['a bearer token', { authorization: 'Bearer of bad news' }],
])('an upgrade with %s is refused with 403', async (_what, headers) => {
  lab = await Lab.start();
  await expect(connectWith(headers as Record<string, string>)).rejects.toThrow('403');
  expect(lab.gateway.counters).toMatchObject({ upgrades: 1, refusals: 1, tokensAccepted: 0 });
});

test('a signature in the query does as well', async () => {
  lab = await Lab.start();
  const query = `&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261121%2Fus-east-1%2Fssmmessages%2Faws4_request&X-Amz-SignedHeaders=host&X-Amz-Signature=${HEX}`;
  await connectWith({}, lab.open(), query);
  expect(lab.gateway.counters.refusals).toBe(0);
});

test('an unsigned upgrade is let in where that is allowed, and counted', async () => {
  lab = await Lab.start();
  lab.gateway.faults.unsignedAllowed = true;
  await connectWith({});
  expect(lab.gateway.counters).toMatchObject({ unsigned: 1, refusals: 0 });
});

test('a full check of the credentials may refuse', async () => {
  lab = await Lab.start({ credentialsCheck: (request) => (request.headers.authorization?.includes('AKIDEXAMPLE') ? 'expired' : undefined) });
  await expect(lab.connect()).rejects.toThrow('403');
});

test('as many upgrades as said are refused', async () => {
  lab = await Lab.start();
  lab.gateway.faults.refuseUpgrades = 2;
  const sessionId = lab.open();
  await expect(lab.connect(sessionId)).rejects.toThrow('503');
  lab.gateway.faults.refusalStatus = 429;
  await expect(lab.connect(sessionId)).rejects.toThrow('429');
  await lab.ready(sessionId);
  expect(lab.gateway.counters).toMatchObject({ upgrades: 3, refusals: 2 });
});

test('another path than a data channel is not found', async () => {
  lab = await Lab.start();
  await expect(lab.newClient().connect(lab.url('x').replace('data-channel', 'control-channel'), '')).rejects.toThrow('404');
  await expect(lab.newClient().connect(lab.url('x').replace('publish_subscribe', 'spectator'), '')).rejects.toThrow('404');
});

test.each([
  ['a token of another session', (token: string) => tokenFrame(`${token}-not`)],
  ['no token', (token: string) => tokenFrame(token, { TokenValue: undefined })],
  ['a request id that is no UUID', (token: string) => tokenFrame(token, { RequestId: 'one' })],
  ['no client id', (token: string) => tokenFrame(token, { ClientId: undefined })],
  ['a client version of three parts', (token: string) => tokenFrame(token, { ClientVersion: '1.2.3' })],
  ['another schema', (token: string) => tokenFrame(token, { MessageSchemaVersion: '2.0' })],
  ['no JSON', (token: string) => token],
  ['a binary frame', (token: string) => Buffer.from(tokenFrame(token))],
])('a client that begins with %s is hung up on', async (_what, first) => {
  lab = await Lab.start();
  const sessionId = lab.open();
  const client = lab.newClient();
  await client.connect(lab.url(sessionId), '', { first: first(`token-${sessionId}`) });
  expect(await client.closing()).toBe(1008);
  expect(client.heard).toEqual([]);
  expect(lab.gateway.counters).toMatchObject({ tokensAccepted: 0, tokensRejected: 1 });
  await lab.ready(sessionId);
});

test('a token is good for one client; a reissued one for the next, which takes the place of the first', async () => {
  lab = await Lab.start();
  const sessionId = lab.open();
  const first = await lab.ready(sessionId);
  const thief = await lab.connect(sessionId);
  expect(await thief.closing()).toBe(1008);
  expect(lab.gateway.reissue(sessionId, 'second token')).toBe(true);
  const second = lab.newClient();
  await second.connect(lab.url(sessionId), 'second token');
  expect(await first.closing()).toBe(1000);
  await second.untilAcknowledged(second.say(1, Buffer.from('0100000003000000', 'hex'), 1));
});

test('a token of a session that is over opens nothing, and no new one is to be had', async () => {
  lab = await Lab.start();
  const sessionId = lab.open();
  lab.gateway.terminate(sessionId);
  expect(lab.gateway.isOpen(sessionId)).toBe(false);
  expect(lab.gateway.reissue(sessionId, 'another')).toBe(false);
  const client = await lab.connect(sessionId);
  expect(await client.closing()).toBe(1008);
});

test('a client that comes late still gets the handshake', async () => {
  lab = await Lab.start();
  const sessionId = lab.open();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const client = await lab.connect(sessionId);
  await client.handshake();
  expect(client.data.filter((message) => message.type === MESSAGE_TYPES.OUTPUT && message.sequence === 0)).toHaveLength(1);
});
