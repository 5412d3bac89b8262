import {
  DescribeInstancesCommand, type DescribeInstancesCommandInput, type Instance, StartInstancesCommand, StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';

let stack: OrdersStack;
beforeEach(async () => {
  stack = await startOrdersStack();
});
afterEach(() => stack.close());

const start = (id: string) => stack.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
const stop = (id: string) => stack.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));

async function describe(input: DescribeInstancesCommandInput = {}): Promise<Instance[]> {
  const { Reservations } = await stack.ec2.send(new DescribeInstancesCommand(input));
  return Reservations!.flatMap((reservation) => reservation.Instances!);
}

test('describes the bastion of the template', async () => {
  const bastion = stack.aws.instances.get();
  expect(await describe()).toEqual([expect.objectContaining({
    InstanceId: bastion.id,
    State: { Code: 16, Name: 'running' },
    LaunchTime: bastion.launchTime,
    InstanceType: 't4g.micro',
    Architecture: 'arm64',
    PrivateIpAddress: bastion.settings.privateIp,
    Placement: expect.objectContaining({ AvailabilityZone: 'us-east-1a' }),
    Tags: expect.arrayContaining([{ Key: 'exid', Value: 'orders-bastion' }, { Key: 'aws:cloudformation:logical-id', Value: 'Bastion' }]),
  })]);
});

test.each<[string, string, string[], number]>([
  ['a tag', 'tag:exid', ['orders-bastion'], 1],
  ['a tag that has another value', 'tag:exid', ['orders'], 0],
  ['a tag with a wildcard', 'tag:exid', ['orders-*'], 1],
  ['a tag that starts like an object\'s own property', 'tag:constructor', ['*'], 0],
  ['one of several states', 'instance-state-name', ['stopped', 'running'], 1],
  ['a state that it is not in', 'instance-state-name', ['terminated'], 0],
  ['the presence of a tag', 'tag-key', ['exid'], 1],
])('filters by %s', async (_, Name, Values, count) => {
  expect(await describe({ Filters: [{ Name, Values }] })).toHaveLength(count);
});

test('all filters have to match', async () => {
  const { id } = stack.aws.instances.get();
  const byId = { Name: 'instance-id', Values: [id] };
  expect(await describe({ Filters: [byId, { Name: 'instance-state-name', Values: ['running'] }] })).toHaveLength(1);
  expect(await describe({ Filters: [byId, { Name: 'instance-state-name', Values: ['stopped'] }] })).toHaveLength(0);
});

test('pages through instances, each of them once', async () => {
  for (let count = 1; count < 12; count++) stack.aws.instances.add();
  const ids: string[] = [];
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await stack.ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken }));
    const page = answer.Reservations!.flatMap((reservation) => reservation.Instances!.map((instance) => instance.InstanceId!));
    sizes.push(page.length);
    ids.push(...page);
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  expect(sizes).toEqual([5, 5, 2]);
  expect(new Set(ids).size).toBe(12);
});

test('a stop goes through stopping to stopped, and says who did it', async () => {
  const bastion = stack.aws.instances.get();
  const { StoppingInstances } = await stop(bastion.id);
  expect(StoppingInstances).toEqual([{
    InstanceId: bastion.id, PreviousState: { Code: 16, Name: 'running' }, CurrentState: { Code: 64, Name: 'stopping' },
  }]);
  expect((await describe())[0]!.State).toEqual({ Code: 64, Name: 'stopping' });
  await bastion.whenState('stopped');
  expect(await describe()).toEqual([expect.objectContaining({
    State: { Code: 80, Name: 'stopped' },
    StateReason: { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' },
    StateTransitionReason: expect.stringMatching(/^User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)$/),
  })]);
});

test('a start goes through pending to running, with a new launch time and no reason left', async () => {
  const bastion = stack.aws.instances.get();
  const launchedBefore = bastion.launchTime;
  bastion.force('stopped');
  const { StartingInstances } = await start(bastion.id);
  expect(StartingInstances).toEqual([{
    InstanceId: bastion.id, PreviousState: { Code: 80, Name: 'stopped' }, CurrentState: { Code: 0, Name: 'pending' },
  }]);
  await bastion.whenState('running');
  const [described] = await describe();
  expect(described!.LaunchTime!.getTime()).toBeGreaterThan(launchedBefore.getTime());
  expect(described!.StateReason).toBeUndefined();
});

test('a start may fall back to stopped, and says why', async () => {
  const bastion = stack.aws.instances.get();
  bastion.force('stopped');
  bastion.failStarts({ code: 'Server.InternalError', message: 'Server.InternalError: Internal error on launch' });
  await start(bastion.id);
  expect(bastion.state).toBe('pending');
  await bastion.whenState('stopped');
  expect(await describe()).toEqual([expect.objectContaining({
    State: { Code: 80, Name: 'stopped' },
    StateReason: { Code: 'Server.InternalError', Message: 'Server.InternalError: Internal error on launch' },
    StateTransitionReason: 'Server.InternalError: Internal error on launch',
  })]);
});

test.each(['running', 'pending'] as const)('a start of what is %s changes nothing', async (state) => {
  const bastion = stack.aws.instances.get();
  bastion.force(state);
  expect((await start(bastion.id)).StartingInstances![0]).toMatchObject({ PreviousState: { Name: state }, CurrentState: { Name: state } });
});

test.each(['stopped', 'stopping'] as const)('a stop of what is %s changes nothing', async (state) => {
  const bastion = stack.aws.instances.get();
  bastion.force(state);
  expect((await stop(bastion.id)).StoppingInstances![0]).toMatchObject({ PreviousState: { Name: state }, CurrentState: { Name: state } });
});

test('a terminated instance is still shown, without its addresses', async () => {
  const bastion = stack.aws.instances.get();
  bastion.terminate();
  expect(bastion.state).toBe('shutting-down');
  await bastion.whenState('terminated');
  const [described] = await describe({ InstanceIds: [bastion.id] });
  expect(described).toMatchObject({ State: { Code: 48, Name: 'terminated' } });
  expect(described!.PrivateIpAddress).toBeUndefined();
});

test.each(['stopping', 'shutting-down', 'terminated'] as const)('fails when one starts what is %s', async (state) => {
  const bastion = stack.aws.instances.get();
  bastion.force(state);
  await expect(start(bastion.id)).rejects.toMatchObject({
    name: 'IncorrectInstanceState', message: `The instance '${bastion.id}' is not in a state from which it can be started.`,
  });
});

test('fails when one stops what is pending', async () => {
  const bastion = stack.aws.instances.get();
  bastion.force('pending');
  await expect(stop(bastion.id)).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
});

test('fails when there is no capacity', async () => {
  const bastion = stack.aws.instances.get();
  bastion.force('stopped');
  bastion.hasCapacity = false;
  await expect(start(bastion.id)).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity', $metadata: { httpStatusCode: 500 } });
  expect(bastion.state).toBe('stopped');
});

test('fails when one stops what cannot be stopped', async () => {
  const { id } = stack.aws.instances.add({ rootDeviceType: 'instance-store' });
  await expect(stop(id)).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});

test.each<[string, DescribeInstancesCommandInput, string]>([
  ['an id is malformed', { InstanceIds: ['i-nonsense'] }, 'InvalidInstanceID.Malformed'],
  ['an instance does not exist', { InstanceIds: ['i-0123456789abcdef0'] }, 'InvalidInstanceID.NotFound'],
  ['a filter is unknown', { Filters: [{ Name: 'colour', Values: ['red'] }] }, 'InvalidParameterValue'],
  ['a page is too small', { MaxResults: 4 }, 'InvalidParameterValue'],
  ['ids are paged', { MaxResults: 5, InstanceIds: ['i-0123456789abcdef0'] }, 'InvalidParameterCombination'],
  ['a token is not ours', { MaxResults: 5, NextToken: 'nonsense' }, 'InvalidNextToken'],
])('fails when %s', async (_, input, name) => {
  await expect(describe(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
});

test.each([
  ['start', (InstanceIds: string[]) => stack.ec2.send(new StartInstancesCommand({ InstanceIds, DryRun: true }))],
  ['stop', (InstanceIds: string[]) => stack.ec2.send(new StopInstancesCommand({ InstanceIds, DryRun: true }))],
])('a dry run of a %s says whether one may, and changes nothing', async (_, send) => {
  const { id, state } = stack.aws.instances.get();
  const dryRun = (ids = [id]): Promise<unknown> => send(ids);
  await expect(dryRun()).rejects.toMatchObject({
    name: 'DryRunOperation', message: 'Request would have succeeded, but DryRun flag is set.', $metadata: { httpStatusCode: 412 },
  });
  await expect(dryRun(['i-0123456789abcdef0'])).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  stack.aws.faults.deny('*');
  await expect(dryRun()).rejects.toMatchObject({ name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } });
  expect(stack.aws.instances.get().state).toBe(state);
});

test('a replacement lives beside the one it replaces, newer and of the same stack', () => {
  const { instances } = stack.aws;
  const old = instances.get();
  const fresh = instances.replace(old);
  expect(instances.live()).toEqual([old, fresh]);
  expect(fresh.settings.tags).toEqual(old.settings.tags);
  expect(fresh.launchTime.getTime()).toBeGreaterThan(old.launchTime.getTime());
  expect(() => instances.get('orders-bastion')).toThrow('2 live instances are called "orders-bastion"');
});
