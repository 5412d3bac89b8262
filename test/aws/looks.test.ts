import { describeCredentials, getAgent, getSessionDocument } from '../../src/aws/hot-path';
import { getCallerIdentity, maySetEc2InstanceStatus } from '../../src/aws/slow-path';
import { context, ec2Error, json, jsonError, queryError, setEnvironment, startStubAws, type StubAws, xml } from './stub-aws';

let aws: StubAws;
beforeEach(async () => { aws = await startStubAws(); });
afterEach(async () => aws.stop());

test('says who we are', async () => {
  aws.replies.GetCallerIdentity = [xml(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:sts::123456789012:assumed-role/R/me</Arn><UserId>AROA:me</UserId><Account>123456789012</Account>
  </GetCallerIdentityResult></GetCallerIdentityResponse>`)];
  expect(await getCallerIdentity(context)).toEqual({ arn: 'arn:aws:sts::123456789012:assumed-role/R/me', account: '123456789012' });
});

test('fails when the credentials have expired', async () => {
  aws.replies.GetCallerIdentity = [queryError('ExpiredToken', 'The security token included in the request is expired', 403)];
  await expect(getCallerIdentity(context)).rejects.toMatchObject({ code: 'CREDENTIALS', message: expect.stringContaining('have expired') });
});

test('says of credentials where they are from and how long they last, and never what they are', async () => {
  const restore = setEnvironment({ AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEKEYABCD', AWS_CREDENTIAL_EXPIRATION: '2030-01-01T00:00:00Z' });
  const facts = await describeCredentials({ ...context, aws: { caller: 1 } });
  expect(facts).toEqual({ accessKey: 'ASIA…ABCD', source: 'the environment', expiresAt: new Date('2030-01-01T00:00:00Z') });
  restore();
});

test('finds an agent, and says when it was last heard of', async () => {
  aws.replies.DescribeInstanceInformation = [json({ InstanceInformationList: [{ InstanceId: 'i-1', PingStatus: 'Online', LastPingDateTime: 1_700_000_000, AgentVersion: '3.3.1.0' }] })];
  expect(await getAgent({ instanceId: 'i-1' }, context)).toEqual({ isOnline: true, status: 'Online', version: '3.3.1.0', lastPingAt: new Date(1_700_000_000_000) });
  expect(aws.calls[0]!.input).toEqual({ Filters: [{ Key: 'InstanceIds', Values: ['i-1'] }] });
});

test('finds no agent that has never registered', async () => {
  aws.replies.DescribeInstanceInformation = [json({ InstanceInformationList: [] })];
  expect(await getAgent({ instanceId: 'i-1' }, context)).toBeNull();
});

test.each([
  ['as the construct writes it', '{"sessionType":"Port","properties":{"host":"h.example","portNumber":"5432"}}', { sessionType: 'Port', host: 'h.example', port: '5432' }],
  ['with a number for a port', '{"sessionType":"Port","properties":{"portNumber":22}}', { sessionType: 'Port', host: undefined, port: '22' }],
  ['that is no JSON', 'schemaVersion: "1.0"', { sessionType: undefined }],
  ['that is null', 'null', { sessionType: undefined }],
])('reads a document %s', async (_, Content, expected) => {
  aws.replies.GetDocument = [json({ Name: 'D', DocumentVersion: '3', Status: 'Active', Content })];
  expect(await getSessionDocument({ name: 'D' }, context)).toMatchObject({ version: '3', status: 'Active', ...expected });
});

test('finds no document that is not there', async () => {
  aws.replies.GetDocument = [jsonError('InvalidDocument')];
  expect(await getSessionDocument({ name: 'D' }, context)).toBeNull();
});

test.each([
  [true, ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)],
  [false, ec2Error('UnauthorizedOperation', 'No', 403)],
])('a dry run says that we may: %s', async (expected, reply) => {
  aws.replies.StartInstances = [reply];
  aws.replies.StopInstances = [reply];
  for (const to of ['RUNNING', 'STOPPED'] as const) expect(await maySetEc2InstanceStatus({ by: { instanceId: 'i-1' }, to }, context)).toBe(expected);
  expect(aws.calls.map(({ operation, input }) => [operation, input['InstanceId.1'], input.DryRun])).toEqual([['StartInstances', 'i-1', 'true'], ['StopInstances', 'i-1', 'true']]);
});
