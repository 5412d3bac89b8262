import { getEc2Instance, setEc2InstanceStatus } from '../../src/aws/slow-path';
import { context, ec2Error, startStubAws, type StubAws, xml } from './stub-aws';

interface Described { id: string; state?: string; launched?: string; tags?: Record<string, string>; reason?: string }

const instance = ({ id, state = 'running', launched = '2026-01-01T00:00:00.000Z', tags = {}, reason = '' }: Described): string => `<item>
  <instanceId>${id}</instanceId><instanceState><code>0</code><name>${state}</name></instanceState><launchTime>${launched}</launchTime><reason>${reason}</reason>
  <tagSet>${Object.entries({ exid: 'vpc-main-bastion', ...tags }).map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`).join('')}</tagSet>
</item>`;
const described = (instances: Described[], nextToken: string = '') => xml(`<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <reservationSet>${instances.map((one) => `<item><ownerId>123456789012</ownerId><instancesSet>${instance(one)}</instancesSet></item>`).join('')}</reservationSet>
  ${nextToken && `<nextToken>${nextToken}</nextToken>`}
</DescribeInstancesResponse>`);

const STACK = { 'aws:cloudformation:stack-id': 'arn:stack/one', 'aws:cloudformation:logical-id': 'Bastion' };
const GROUP = { 'aws:autoscaling:groupName': 'bastions' };
const [OLD, NEW] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
const byExid = { by: { exid: 'vpc-main-bastion' } };

let aws: StubAws;
beforeEach(async () => { aws = await startStubAws(); });
afterEach(async () => aws.stop());

test('finds an instance by its tag, and describes it', async () => {
  aws.replies.DescribeInstances = [described([{ id: 'i-1', state: 'stopped', launched: OLD, tags: STACK, reason: 'User initiated' }])];
  expect(await getEc2Instance(byExid, context)).toEqual({
    id: 'i-1',
    exid: 'vpc-main-bastion',
    status: 'STOPPED',
    statusReason: 'User initiated',
    launchedAt: new Date(OLD),
    account: '123456789012',
    autoScalingGroup: undefined,
    stackId: 'arn:stack/one',
  });
  expect(aws.calls[0]!.input).toMatchObject({ 'Filter.1.Name': 'tag:exid', 'Filter.1.Value.1': 'vpc-main-bastion' });
});

test('finds an instance by its id', async () => {
  aws.replies.DescribeInstances = [described([{ id: 'i-1' }])];
  expect(await getEc2Instance({ by: { instanceId: 'i-1' } }, context)).toMatchObject({ id: 'i-1', status: 'RUNNING' });
  expect(aws.calls[0]!.input).toMatchObject({ 'InstanceId.1': 'i-1' });
});

test.each([
  ['there is none', described([])],
  ['all are gone or going', described([{ id: 'i-1', state: 'terminated' }, { id: 'i-2', state: 'shutting-down' }])],
  ['the id is nobody\'s', ec2Error('InvalidInstanceID.NotFound')],
])('finds nothing when %s', async (_, reply) => {
  aws.replies.DescribeInstances = [reply];
  expect(await getEc2Instance(byExid, context)).toBeNull();
});

test.each([
  ['is terminated', described([{ id: 'i-old', state: 'terminated', launched: OLD, tags: GROUP }, { id: 'i-new', state: 'terminated', launched: NEW, tags: GROUP }])],
  ['is about to be terminated', described([{ id: 'i-old', state: 'terminated', launched: OLD }, { id: 'i-new', state: 'shutting-down', launched: NEW, tags: GROUP }])],
])('finds the last instance of a group that %s: another one is to come', async (_, reply) => {
  aws.replies.DescribeInstances = [reply];
  expect(await getEc2Instance(byExid, context)).toMatchObject({ id: 'i-new', autoScalingGroup: 'bastions' });
});

test.each([
  ['a live one has its external id, be it older and of no group', byExid,
    [{ id: 'i-live', launched: OLD }, { id: 'i-gone', state: 'terminated', launched: NEW, tags: GROUP }], 'i-live'],
  ['the last one was of no group', byExid,
    [{ id: 'i-old', state: 'terminated', launched: OLD, tags: GROUP }, { id: 'i-new', state: 'terminated', launched: NEW, tags: STACK }], undefined],
  ['it is asked for by its id', { by: { instanceId: 'i-gone' } }, [{ id: 'i-gone', state: 'terminated', tags: GROUP }], undefined],
])('does not give what is gone of a group when %s', async (_, key, instances, id) => {
  aws.replies.DescribeInstances = [described(instances)];
  expect((await getEc2Instance(key, context))?.id).toBe(id);
});

test.each([['same stack', STACK], ['same group', GROUP]])('of several live instances of the %s the newest wins', async (_, tags) => {
  aws.replies.DescribeInstances = [described([
    { id: 'i-old', launched: OLD, tags }, { id: 'i-new', launched: NEW, state: 'pending', tags }, { id: 'i-gone', state: 'terminated' },
  ])];
  expect(await getEc2Instance(byExid, context)).toMatchObject({ id: 'i-new', status: 'PENDING' });
});

test('an instance that other user data gave another logical id takes the place of the old one', async () => {
  const tags = { ...STACK, 'aws:cloudformation:logical-id': 'BastionWithOtherUserData' };
  aws.replies.DescribeInstances = [described([{ id: 'i-new', launched: NEW, tags }, { id: 'i-old', launched: OLD, tags: STACK }])];
  expect(await getEc2Instance(byExid, context)).toMatchObject({ id: 'i-new' });
});

test('looks at all pages', async () => {
  aws.replies.DescribeInstances = [described([{ id: 'i-old', launched: OLD, tags: GROUP }], 'more'), described([{ id: 'i-new', launched: NEW, tags: GROUP }])];
  expect(await getEc2Instance(byExid, context)).toMatchObject({ id: 'i-new' });
  expect(aws.calls.map(({ input }) => input.NextToken)).toEqual([undefined, 'more']);
});

test.each([
  ['one of them is made by hand', STACK, {}],
  ['they have different stacks', STACK, { ...STACK, 'aws:cloudformation:stack-id': 'arn:stack/two' }],
  ['both are made by hand', {}, {}],
])('fails when several live ones have one exid and %s', async (_, tags, otherTags) => {
  aws.replies.DescribeInstances = [described([{ id: 'i-1', tags }, { id: 'i-2', state: 'stopped', tags: otherTags }])];
  await expect(getEc2Instance(byExid, context)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringMatching(/^2 live instances .* carry the tag exid=vpc-main-bastion: i-1 \(RUNNING, .*\), i-2 \(STOPPED, .*\)$/),
    next: expect.stringMatching(/aws ec2 delete-tags/),
  });
});

test.each([['RUNNING', 'StartInstances'], ['STOPPED', 'StopInstances']] as const)('asks for an instance to be %s', async (to, operation) => {
  aws.replies[operation] = [xml(`<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instancesSet/></${operation}Response>`)];
  await setEc2InstanceStatus({ by: { instanceId: 'i-1' }, to }, context);
  expect(aws.calls).toEqual([{ operation, input: expect.objectContaining({ 'InstanceId.1': 'i-1' }) }]);
});

test.each([
  ['there is no capacity', ec2Error('InsufficientInstanceCapacity', 'We have none', 500), 'BASTION_DOWN',
    'bastion i-1 could not be started: We have none (InsufficientInstanceCapacity)', /try again in a few minutes/],
  ['it is in between', ec2Error('IncorrectInstanceState', 'It is stopping'), 'BASTION_DOWN',
    'bastion i-1 could not be started: It is stopping (IncorrectInstanceState)', /wait until it is there/],
  ['it is gone', ec2Error('InvalidInstanceID.NotFound'), 'NOT_FOUND', 'bastion i-1 does not exist any more', /cdk deploy/],
  ['it is not allowed', ec2Error('UnauthorizedOperation', 'No', 403), 'CREDENTIALS',
    'ec2:StartInstances is not allowed for profile "default" (UnauthorizedOperation: No)', /granted ec2:StartInstances/],
  ['nobody knows why', ec2Error('Odd'), 'BASTION_DOWN', 'ec2:StartInstances failed (Odd: said AWS)', /--verbose/],
])('fails to start an instance when %s', async (_, reply, code, message, next) => {
  aws.replies.StartInstances = [reply];
  await expect(setEc2InstanceStatus({ by: { instanceId: 'i-1' }, to: 'RUNNING' }, context))
    .rejects.toMatchObject({ code, message, next: expect.stringMatching(next) });
});
