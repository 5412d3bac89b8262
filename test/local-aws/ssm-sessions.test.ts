import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  DescribeInstanceInformationCommand, DescribeSessionsCommand, ResumeSessionCommand, StartSessionCommand, type StartSessionCommandInput,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import { SignatureV4 } from '@smithy/signature-v4';
import { WebSocket } from 'ws';
import { decodeMessage, PAYLOAD_TYPES } from '../../src/session/message';
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

test('fails when a document that fixes host and port is given another host', async () => {
  await expect(start({ DocumentName: ownDocument(), Parameters: { host: ['evil.example'] } })).rejects.toMatchObject({ name: 'InvalidParameters' });
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
