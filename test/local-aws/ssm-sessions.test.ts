import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  DescribeInstanceInformationCommand, DescribeSessionsCommand, ResumeSessionCommand, StartSessionCommand, type StartSessionCommandInput,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import { SignatureV4 } from '@smithy/signature-v4';
import { WebSocket } from 'ws';
import { decodeMessage, PAYLOAD_TYPES } from '../../src/session/wire/message';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';
import { statusOf } from './state/sessions';

const REMOTE_HOST = 'AWS-StartPortForwardingSessionToRemoteHost';
const PARAMETERS = { host: ['orders.example'], portNumber: ['5432'], localPortNumber: ['15432'] };

let stack: OrdersStack;
let bastion: string;
beforeEach(async () => {
  stack = await startOrdersStack();
  bastion = stack.aws.instances.get().id;
});
afterEach(() => stack.close());

const start = (input: Partial<StartSessionCommandInput> = {}) =>
  stack.ssm.send(new StartSessionCommand({ Target: bastion, DocumentName: REMOTE_HOST, Parameters: PARAMETERS, ...input }));
const terminate = (SessionId: string) => stack.ssm.send(new TerminateSessionCommand({ SessionId }));
const resume = (SessionId: string) => stack.ssm.send(new ResumeSessionCommand({ SessionId }));

function ownDocument(): string {
  return JSON.parse(stack.aws.parameters.find(stack.aws.home, '/tunnelable-rds/orders')!.value).document;
}

/** Opens a data channel, signed as a client has to. */
async function open(streamUrl: string, token: string): Promise<WebSocket> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = stack.aws.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY!, sessionToken: AWS_SESSION_TOKEN };
  const { protocol, hostname, host, pathname: path, searchParams } = new URL(streamUrl);
  const { headers } = await new SignatureV4({ service: 'ssmmessages', region: 'us-east-1', credentials, sha256: Sha256 }).sign({
    method: 'GET', protocol, hostname, path, query: Object.fromEntries(searchParams), headers: { host },
  });
  const socket = new WebSocket(streamUrl, { headers });
  await once(socket, 'open');
  socket.send(JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: randomUUID(), TokenValue: token, ClientId: randomUUID(), ClientVersion: '1.2.804.0' }));
  return socket;
}

async function pingStatus(): Promise<(string | undefined)[]> {
  const { InstanceInformationList } = await stack.ssm.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [bastion] }] }));
  return InstanceInformationList!.map((information) => information.PingStatus);
}

test('a session has an id after its owner, a token, and the URL of its data channel', async () => {
  const ticket = await start({ Reason: 'looking' });
  expect(ticket.SessionId).toMatch(/^alice-[0-9a-f]{17}$/);
  expect(ticket.StreamUrl).toMatch(
    new RegExp(`^ws://127\\.0\\.0\\.1:${stack.aws.port}/v1/data-channel/${ticket.SessionId}\\?role=publish_subscribe&cell-number=[\\w.-]+$`));
  expect(stack.aws.secrets.all()).toContain(ticket.TokenValue);
  expect(stack.aws.sessions.open()).toEqual([expect.objectContaining({
    id: ticket.SessionId,
    target: bastion,
    documentName: REMOTE_HOST,
    reason: 'looking',
    properties: { type: 'LocalPortForwarding', host: 'orders.example', portNumber: '5432', localPortNumber: '15432' },
  })]);
});

test('a document of the template fixes host and port, and takes the local port', async () => {
  await start({ DocumentName: ownDocument(), Parameters: { localPortNumber: ['15432'] } });
  const { endpoint } = stack.aws.clusters.get('orders');
  expect(stack.aws.sessions.open()[0]!.properties).toEqual({
    type: 'LocalPortForwarding', host: endpoint, portNumber: '5432', localPortNumber: '15432',
  });
});

test('sessions that start after a new version of a document are of that version; those that are open stay as they are', async () => {
  const name = ownDocument();
  await start({ DocumentName: name, Parameters: undefined });
  const content = stack.aws.documents.find(stack.aws.home, name)!;
  stack.aws.documents.put(name, { ...content, properties: { ...content.properties, host: 'moved.example' } });
  await start({ DocumentName: name, Parameters: undefined });
  expect(stack.aws.sessions.open().map(({ properties }) => properties.host)).toEqual([stack.aws.clusters.get('orders').endpoint, 'moved.example']);
});

test('a document says how long its sessions may last, and the account where it does not', async () => {
  const name = ownDocument();
  await start({ DocumentName: name, Parameters: undefined });
  const content = stack.aws.documents.find(stack.aws.home, name)!;
  stack.aws.documents.put(name, { ...content, inputs: { idleSessionTimeout: '5', maxSessionDuration: '60' } });
  await start({ DocumentName: name, Parameters: undefined });
  const limits = () => stack.aws.sessions.open().map((session) => session.limits);
  expect(limits()).toEqual([{ idleSessionTimeout: 20 }, { idleSessionTimeout: 5, maxSessionDuration: 60 }]);
  stack.aws.gateway.passMinutes(5);
  expect(limits()).toEqual([{ idleSessionTimeout: 20 }]);
  const { Sessions } = await stack.ssm.send(new DescribeSessionsCommand({ State: 'History' }));
  expect(Sessions).toEqual([expect.objectContaining({ Status: 'Terminated', MaxSessionDuration: '60' })]);
});

test('a parameter with a default may be left out', async () => {
  await start({ DocumentName: ownDocument(), Parameters: undefined });
  expect(stack.aws.sessions.open()[0]!.properties.localPortNumber).toBe('0');
});

test.each<[string, Partial<StartSessionCommandInput>, string]>([
  ['there is no such document', { DocumentName: 'Nothing' }, 'InvalidDocument'],
  ['no document is named, which would be a shell', { DocumentName: undefined, Parameters: undefined }, 'InvalidDocument'],
  ['a parameter is missing', { Parameters: { host: ['orders.example'] } }, 'InvalidParameters'],
  ['a parameter is not declared', { Parameters: { ...PARAMETERS, user: ['root'] } }, 'InvalidParameters'],
  ['a port is none', { Parameters: { ...PARAMETERS, portNumber: ['70000'] } }, 'InvalidParameters'],
  ['a host holds a shell character', { Parameters: { ...PARAMETERS, host: ['a;b.example'] } }, 'InvalidParameters'],
  ['there is no such instance', { Target: 'i-0123456789abcdef0' }, 'TargetNotConnected'],
])('fails when %s', async (_, input, name) => {
  await expect(start(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  expect(stack.aws.sessions.all()).toEqual([]);
});

test.each<[string, Record<string, string[]>, string]>([
  ['another host', { host: ['evil.example'] }, 'Parameters [host] are not defined in document'],
  ['another port', { portNumber: ['22'] }, 'Parameters [portNumber] are not defined in document'],
  ['the host and port that it fixes', PARAMETERS, 'Parameters [host, portNumber] are not defined in document'],
  ['a local port that it does not allow', { localPortNumber: ['15432; id'] }, 'Parameter "localPortNumber" has value "15432; id" not matching'],
])('fails when a document that fixes host and port is given %s', async (_, Parameters, message) => {
  await expect(start({ DocumentName: ownDocument(), Parameters })).rejects.toMatchObject({ name: 'InvalidParameters', message: expect.stringContaining(message) });
});

const DOCUMENT = {
  schemaVersion: '1.0',
  sessionType: 'Port',
  parameters: { localPortNumber: { type: 'String', default: '0', allowedPattern: '^[0-9]{1,5}$' } },
  properties: { type: 'LocalPortForwarding', host: 'orders.example', portNumber: '5432', localPortNumber: '{{ localPortNumber }}' },
};

test.each<[string, object, string]>([
  ['is of another schema', { schemaVersion: '2.2' }, 'schemaVersion is "2.2"'],
  ['is of no known type', { sessionType: 'Tunnel' }, 'sessionType is "Tunnel"'],
  ['says what nobody asked', { mainSteps: [] }, 'mainSteps is not known'],
  ['lets a session be idle for too long', { inputs: { idleSessionTimeout: '61' } }, 'inputs.idleSessionTimeout is "61"'],
  ['lets a session last for too long', { inputs: { maxSessionDuration: '1441' } }, 'inputs.maxSessionDuration is "1441"'],
  ['lets a session last for no time', { inputs: { maxSessionDuration: '0' } }, 'inputs.maxSessionDuration is "0"'],
  ['counts in numbers', { inputs: { maxSessionDuration: 60 } }, 'inputs.maxSessionDuration is 60'],
  ['has a parameter that is no text', { parameters: { localPortNumber: { type: 'Integer' } } }, 'parameters.localPortNumber.type is "Integer"'],
  ['has a default that it does not allow', { parameters: { localPortNumber: { type: 'String', default: 'any', allowedPattern: '^[0-9]+$' } } },
    'parameters.localPortNumber.default is not what its allowedPattern allows'],
  ['forwards nothing', { properties: { ...DOCUMENT.properties, type: 'Shell' } }, 'properties.type is "Shell"'],
  ['has a property that ports do not have', { properties: { ...DOCUMENT.properties, hostName: 'orders.example' } }, 'properties.hostName is not known'],
  ['has a port that is a number', { properties: { ...DOCUMENT.properties, portNumber: 5432 } }, 'properties.portNumber is no text'],
  ['refers to what it does not declare', { parameters: {} }, 'properties.localPortNumber refers to localPortNumber, which is no parameter'],
])('fails when a document %s', (_, changes, message) => {
  expect(() => stack.aws.documents.put('orders-writer', { ...DOCUMENT, ...changes })).toThrow(`orders-writer: ${message}`);
  expect(stack.aws.documents.versionsOf('orders-writer')).toBe(0);
});

test('fails when a document has no name that SSM takes', () => {
  expect(() => stack.aws.documents.put('orders/writer', DOCUMENT)).toThrow("Value 'orders/writer' at 'name'");
});

test.each(['pending', 'stopping', 'stopped', 'terminated'] as const)('fails when the instance is %s', async (state) => {
  stack.aws.instances.get().force(state);
  await expect(start()).rejects.toMatchObject({ name: 'TargetNotConnected', message: `${bastion} is not connected.` });
});

test('fails while the instance runs and its agent is not yet online', async () => {
  stack.aws.instances.timing.agentDelay = 60_000;
  stack.aws.instances.get().force('stopped');
  stack.aws.instances.get().force('running');
  expect(await pingStatus()).toEqual(['ConnectionLost']);
  await expect(start()).rejects.toMatchObject({ name: 'TargetNotConnected' });
  stack.aws.instances.get().bringAgentOnline();
  expect(await pingStatus()).toEqual(['Online']);
  await start();
});

test('a resumed session gets another token, and the same id', async () => {
  const first = await start();
  const second = await resume(first.SessionId!);
  expect(second.SessionId).toBe(first.SessionId);
  expect(second.TokenValue).toBeDefined();
  expect(second.TokenValue).not.toBe(first.TokenValue);
});

test('a session that is over is resumed without a token', async () => {
  const { SessionId } = await start();
  await terminate(SessionId!);
  expect((await resume(SessionId!)).TokenValue).toBeUndefined();
});

test('a session can be terminated twice', async () => {
  const { SessionId } = await start();
  expect((await terminate(SessionId!)).SessionId).toBe(SessionId);
  expect((await terminate(SessionId!)).SessionId).toBe(SessionId);
  expect(stack.aws.sessions.open()).toEqual([]);
});

test('fails when a session that never was is resumed or terminated', async () => {
  await expect(resume('alice-0123456789abcdef0')).rejects.toMatchObject({ name: 'DoesNotExistException' });
  await expect(terminate('alice-0123456789abcdef0')).rejects.toMatchObject({ name: 'DoesNotExistException' });
});

test('lists sessions that are active, and those that were', async () => {
  const [kept, ended] = [await start({ Reason: 'kept' }), await start()];
  await terminate(ended.SessionId!);
  const describe = (State: 'Active' | 'History') => stack.ssm.send(new DescribeSessionsCommand({ State, Filters: [{ key: 'Target', value: bastion }] }));
  expect((await describe('Active')).Sessions).toEqual([expect.objectContaining({
    SessionId: kept.SessionId,
    Target: bastion,
    Status: 'Connected',
    DocumentName: REMOTE_HOST,
    Reason: 'kept',
    Owner: 'arn:aws:sts::123456789012:assumed-role/Developer/alice',
    StartDate: expect.any(Date),
  })]);
  expect((await describe('History')).Sessions).toEqual([expect.objectContaining({
    SessionId: ended.SessionId, Status: 'Terminated', EndDate: expect.any(Date),
  })]);
});

test('the sessions of an instance end when it stops', async () => {
  await start();
  stack.aws.instances.get().stop();
  if (stack.aws.sessions.open().length > 0) await once(stack.aws.sessions, 'changed');
  expect(stack.aws.sessions.all().map(statusOf)).toEqual(['Terminated']);
});

test('a client that signs the upgrade and shows its token is greeted by the agent, once', async () => {
  const { StreamUrl, TokenValue } = await start();
  const greeted = await open(StreamUrl!, TokenValue!);
  const [frame] = await once(greeted, 'message') as [Buffer];
  expect(decodeMessage(frame)).toMatchObject({ type: 'output_stream_data', payloadType: PAYLOAD_TYPES.HANDSHAKE_REQUEST });
  greeted.terminate();
  const [code] = await once(await open(StreamUrl!, TokenValue!), 'close');
  expect(code).toBe(1008);
});

test('fails when the upgrade of a data channel is not signed', async () => {
  const { StreamUrl } = await start();
  const socket = new WebSocket(StreamUrl!);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(403);
  response.destroy();
});
