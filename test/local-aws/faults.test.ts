import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { GetParameterCommand, StartSessionCommand } from '@aws-sdk/client-ssm';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';
import { sdkClients } from '../support/sdk-clients';

let stack: OrdersStack;
beforeEach(async () => {
  stack = await startOrdersStack();
});
afterEach(() => stack.close());

const get = (Name = '/tunnelable-rds/orders') => stack.ssm.send(new GetParameterCommand({ Name }));

test('every call is logged: where, what, and how it ended', async () => {
  await get();
  await get('/nothing').catch(() => undefined);
  expect(stack.aws.calls.all()).toEqual([
    {
      service: 'ssm',
      operation: 'GetParameter',
      input: { Name: '/tunnelable-rds/orders' },
      at: expect.any(Date),
      account: '123456789012',
      region: 'us-east-1',
      outcome: 'succeeded',
      errorCode: undefined,
    },
    expect.objectContaining({ input: { Name: '/nothing' }, outcome: 'failed', errorCode: 'ParameterNotFound' }),
  ]);
  expect(stack.aws.calls.succeeded('GetParameter')).toHaveLength(1);
  expect(stack.aws.calls.failed('GetParameter')).toHaveLength(1);
  expect(stack.aws.calls.of('StartSession')).toEqual([]);
});

test('the log has the input of a query protocol in the names of the API', async () => {
  await stack.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:exid', Values: ['a', 'b'] }] }));
  expect(stack.aws.calls.of('DescribeInstances')[0]!.input).toEqual({ Filters: [{ Name: 'tag:exid', Values: ['a', 'b'] }] });
});

test('a fault strikes as often as it should, and no other operation', async () => {
  stack.aws.faults.fail('GetParameter', { code: 'InternalServerError', times: 2 });
  await stack.ec2.send(new DescribeInstancesCommand({}));
  await expect(get()).rejects.toMatchObject({ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } });
  await expect(get()).rejects.toMatchObject({ name: 'InternalServerError' });
  await get();
});

test('a fault may let calls pass first', async () => {
  stack.aws.faults.fail('GetParameter', { code: 'ThrottlingException', skip: 1, times: 1 });
  await get();
  await expect(get()).rejects.toMatchObject({ name: 'ThrottlingException' });
  await get();
});

test('a fault strikes until it is cleared', async () => {
  stack.aws.faults.fail('GetParameter', { code: 'InternalServerError' });
  for (let count = 0; count < 3; count++) await expect(get()).rejects.toThrow();
  stack.aws.faults.clear('GetParameter');
  await get();
});

test('a client that tries again gets through a throttling', async () => {
  const patient = sdkClients(stack.aws.environment, 3);
  stack.aws.faults.throttle('GetParameter', { times: 2 });
  await patient.ssm.send(new GetParameterCommand({ Name: '/tunnelable-rds/orders' }));
  patient.destroy();
  expect(stack.aws.calls.of('GetParameter').map((call) => call.errorCode)).toEqual(['ThrottlingException', 'ThrottlingException', undefined]);
});

test('an answer can be delayed', async () => {
  stack.aws.faults.delay('GetParameter', 200);
  const began = Date.now();
  await get();
  expect(Date.now() - began).toBeGreaterThanOrEqual(195);
});

test('a connection can be dropped before the call is carried out', async () => {
  stack.aws.faults.dropConnection('GetParameter', { times: 1 });
  await expect(get()).rejects.toThrow('socket hang up');
  expect(stack.aws.calls.of('GetParameter')[0]!.outcome).toBe('lost');
  await get();
});

test('an answer can be lost after the call was carried out', async () => {
  stack.aws.faults.loseAnswer('StartSession');
  const start = new StartSessionCommand({
    Target: stack.aws.instances.get().id,
    DocumentName: 'AWS-StartPortForwardingSessionToRemoteHost',
    Parameters: { host: ['orders.example'], portNumber: ['5432'] },
  });
  await expect(stack.ssm.send(start)).rejects.toThrow('socket hang up');
  expect(stack.aws.sessions.open()).toHaveLength(1);
});

test('one can wait for a call to be received', async () => {
  const received = stack.aws.calls.next('GetParameter');
  stack.aws.faults.delay('GetParameter', 50);
  const answer = get();
  expect((await received).outcome).toBe('pending');
  await answer;
});

test('closing does not wait for what is delayed', async () => {
  stack.aws.faults.delay('GetParameter', 60_000);
  const received = stack.aws.calls.next('GetParameter');
  const answer = expect(get()).rejects.toThrow();
  await received;
  await stack.aws.close();
  await answer;
});
