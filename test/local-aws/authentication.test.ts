import { Sha256 } from '@aws-crypto/sha256-js';
import { DescribeInstancesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { DescribeDocumentCommand, GetParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';
import { type SdkClients, sdkClients } from '../support/sdk-clients';
import { authenticate } from './authentication';

let stack: OrdersStack;
beforeEach(async () => {
  stack = await startOrdersStack();
});
afterEach(() => stack.close());

/** The error of one call to each service. */
async function errorNames(clients: SdkClients): Promise<Record<string, string>> {
  const nameOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'none', (error: Error) => error.name);
  return {
    ec2: await nameOf(clients.ec2.send(new DescribeInstancesCommand({}))),
    rds: await nameOf(clients.rds.send(new DescribeDBClustersCommand({}))),
    ssm: await nameOf(clients.ssm.send(new GetParameterCommand({ Name: '/tunnelable-rds/orders' }))),
    sts: await nameOf(clients.sts.send(new GetCallerIdentityCommand({}))),
  };
}

async function errorNamesWith(changes: Record<string, string>): Promise<Record<string, string>> {
  const clients = sdkClients({ ...stack.aws.environment, ...changes });
  try {
    return await errorNames(clients);
  } finally {
    clients.destroy();
  }
}

const UNKNOWN_KEY = { ec2: 'AuthFailure', rds: 'InvalidClientTokenId', ssm: 'UnrecognizedClientException', sts: 'InvalidClientTokenId' };
const BAD_SIGNATURE = { ec2: 'AuthFailure', rds: 'SignatureDoesNotMatch', ssm: 'InvalidSignatureException', sts: 'SignatureDoesNotMatch' };
const EXPIRED = { ec2: 'RequestExpired', rds: 'ExpiredToken', ssm: 'ExpiredTokenException', sts: 'ExpiredToken' };
const DENIED = { ec2: 'UnauthorizedOperation', rds: 'AccessDenied', ssm: 'AccessDeniedException', sts: 'AccessDenied' };
const THROTTLED = { ec2: 'RequestLimitExceeded', rds: 'Throttling', ssm: 'ThrottlingException', sts: 'Throttling' };
const NONE = { ec2: 'none', rds: 'none', ssm: 'none', sts: 'none' };

test('says who the caller is', async () => {
  const identity = await stack.sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/Developer/alice',
    UserId: expect.stringMatching(/^AROA[A-Z0-9]{17}:alice$/),
    $metadata: { httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

test('lets signed calls through', async () => {
  expect(await errorNames(stack)).toEqual(NONE);
});

test('fails when the access key is unknown', async () => {
  expect(await errorNamesWith({ AWS_ACCESS_KEY_ID: 'ASIAAAAAAAAAAAAAAAAA' })).toEqual(UNKNOWN_KEY);
});

test('fails when the session token is not the one of the key', async () => {
  expect(await errorNamesWith({ AWS_SESSION_TOKEN: 'another' })).toEqual(UNKNOWN_KEY);
});

test('fails when the secret key is wrong', async () => {
  expect(await errorNamesWith({ AWS_SECRET_ACCESS_KEY: 'another' })).toEqual(BAD_SIGNATURE);
});

test('fails when the credentials expired, until they are renewed', async () => {
  stack.aws.credentials.expire();
  expect(await errorNames(stack)).toEqual(EXPIRED);
  stack.aws.credentials.renew();
  expect(await errorNames(stack)).toEqual(NONE);
});

test('fails when IAM denies the call, in the words of each service', async () => {
  stack.aws.faults.deny('*');
  expect(await errorNames(stack)).toEqual(DENIED);
  await expect(stack.ssm.send(new GetParameterCommand({ Name: '/x' }))).rejects.toThrow(
    'User: arn:aws:sts::123456789012:assumed-role/Developer/alice is not authorized to perform: ssm:GetParameter');
});

test('fails when calls are throttled, in the words of each service', async () => {
  stack.aws.faults.throttle('*');
  expect(await errorNames(stack)).toEqual(THROTTLED);
});

test('fails when a call is not signed', async () => {
  const answer = await fetch(stack.aws.endpoint, {
    method: 'POST', headers: { 'x-amz-target': 'AmazonSSM.GetParameter', 'content-type': 'application/x-amz-json-1.1' }, body: '{"Name":"/x"}',
  });
  expect([answer.status, await answer.json()]).toEqual([400, { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }]);
});

test('fails when an operation is not known here', async () => {
  await expect(stack.ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
  await expect(stack.ssm.send(new DescribeDocumentCommand({ Name: 'x' }))).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('fails when a request is for no service of ours', async () => {
  expect((await fetch(stack.aws.endpoint)).status).toBe(404);
});

test('what is asked of an account or a region stays there', async () => {
  const elsewhere = sdkClients(stack.aws.environmentFor({ region: 'eu-west-1' }));
  const others = sdkClients(stack.aws.environmentFor({ account: '210987654321' }));
  try {
    for (const clients of [elsewhere, others]) {
      expect((await errorNames(clients)).ssm).toBe('ParameterNotFound');
      expect((await clients.ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
    }
    expect((await others.sts.send(new GetCallerIdentityCommand({}))).Account).toBe('210987654321');
  } finally {
    elsewhere.destroy();
    others.destroy();
  }
});

test.each([
  ['signed for its service', 'ssmmessages', {}, undefined],
  ['signed for another service', 'ssm', {}, 'badSignature'],
  ['signed, and then changed', 'ssmmessages', { role: 'subscribe' }, 'badSignature'],
])('the upgrade of a data channel: %s', async (_, service, changes, refusal) => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = stack.aws.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY!, sessionToken: AWS_SESSION_TOKEN };
  const query = { 'role': 'publish_subscribe', 'cell-number': 'a/b+c=' };
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: 'GET', protocol: 'ws:', hostname: '127.0.0.1', path: '/v1/data-channel/alice-1', query, headers: { host: '127.0.0.1' },
  });
  const url = `/v1/data-channel/alice-1?${new URLSearchParams({ ...query, ...changes })}`;
  const authentication = authenticate({ method: 'GET', url, headers, body: Buffer.alloc(0) }, 'ssmmessages', stack.aws.credentials);
  expect(authentication.refusal).toBe(refusal);
});
