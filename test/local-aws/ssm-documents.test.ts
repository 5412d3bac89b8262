import { GetDocumentCommand, type GetDocumentCommandInput } from '@aws-sdk/client-ssm';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';
import { REMOTE_HOST_DOCUMENT } from './state/session-document';

const REMOTE_HOST = 'AWS-StartPortForwardingSessionToRemoteHost';
const LEADING_TO = (host: string) => ({ schemaVersion: '1.0', sessionType: 'Port', properties: { type: 'LocalPortForwarding', host, portNumber: '5432' } });

let stack: OrdersStack;
beforeEach(async () => {
  stack = await startOrdersStack();
  stack.aws.documents.put('tunnel-orders', LEADING_TO('old.example'));
  stack.aws.documents.put('tunnel-orders', LEADING_TO('new.example'));
});
afterEach(() => stack.close());

const get = (input: Partial<GetDocumentCommandInput> = {}) => stack.ssm.send(new GetDocumentCommand({ Name: 'tunnel-orders', ...input }));

test('gives the default version of a document, which is the last one', async () => {
  const { $metadata: _, Content: content, ...described } = await get();
  expect(described).toEqual({ Name: 'tunnel-orders', DocumentVersion: '2', Status: 'Active', DocumentType: 'Session', DocumentFormat: 'JSON' });
  expect(JSON.parse(content!)).toEqual(LEADING_TO('new.example'));
});

test.each([['1', 'old.example'], ['$LATEST', 'new.example']])('gives version %s when it is asked for', async (DocumentVersion, host) => {
  expect((await get({ DocumentVersion })).Content).toContain(host);
});

test('gives what AWS owns', async () => {
  expect(JSON.parse((await get({ Name: REMOTE_HOST })).Content!)).toEqual(REMOTE_HOST_DOCUMENT);
});

test('says what state a document is in', async () => {
  stack.aws.documents.force('tunnel-orders', 'Updating');
  expect((await get()).Status).toBe('Updating');
});

test.each<[string, Partial<GetDocumentCommandInput>, string]>([
  ['there is no such document', { Name: 'nosuch' }, 'InvalidDocument'],
  ['there is no such version', { DocumentVersion: '3' }, 'InvalidDocumentVersion'],
])('fails when %s', async (_, input, name) => {
  await expect(get(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
});
