import { once } from 'node:events';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { type SdkClients, sdkClients } from '../support/sdk-clients';
import type { Group } from './state/group';
import type { Instance } from './state/instance';
import { type GroupChanges, groupTemplate } from './testing/group-template';
import { LocalAws } from '.';

const ROLLING = { updatePolicy: { AutoScalingRollingUpdate: { MaxBatchSize: 1 } } };

let aws: LocalAws;
let clients: SdkClients;
let group: Group;
let first: Instance;
beforeEach(async () => {
  aws = await LocalAws.start({ template: groupTemplate(), stackName: 'tunnels' });
  clients = sdkClients(aws.environment);
  group = aws.groups.get();
  first = group.instance;
});
afterEach(async () => {
  clients.destroy();
  await aws.close();
});

const update = (changes: GroupChanges) => aws.load(groupTemplate(changes), { stackName: 'tunnels' });

async function nextLaunch(): Promise<Instance> {
  const [launched] = await once(group, 'launched') as [Instance];
  return launched;
}

test('a group has one running instance, which bears the tags of the group and those that AWS reserves', async () => {
  const { Reservations } = await clients.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:aws:autoscaling:groupName', Values: [group.name] }] }));
  const [described] = Reservations!.flatMap((reservation) => reservation.Instances!);
  expect(described).toMatchObject({
    InstanceId: first.id,
    State: { Name: 'running' },
    ImageId: 'ami-0aaaaaaaaaaaaaaaa',
    InstanceType: 't4g.small',
    Architecture: 'arm64',
    Placement: { AvailabilityZone: 'us-east-1a' },
    PrivateIpAddress: expect.stringMatching(/^10\.0\./),
    SecurityGroups: [{ GroupId: expect.stringMatching(/^sg-/) }],
  });
  expect(Object.fromEntries(described!.Tags!.map(({ Key, Value }) => [Key, Value]))).toEqual({
    'exid': 'main',
    'Name': 'of the group',
    'made-by': 'launch template',
    'aws:autoscaling:groupName': expect.stringMatching(/^tunnels-Group-[A-Z0-9]{12}$/),
    'aws:ec2launchtemplate:id': expect.stringMatching(/^lt-[0-9a-f]{17}$/),
    'aws:ec2launchtemplate:version': '1',
    'aws:cloudformation:stack-name': 'tunnels',
    'aws:cloudformation:stack-id': expect.stringMatching(/:stack\/tunnels\//),
    'aws:cloudformation:logical-id': 'Group',
  });
});

test('an instance that is terminated is followed by another, in the next zone, which is pending first', async () => {
  const launched = nextLaunch();
  first.terminate();
  const second = await launched;
  expect(second.state).toBe('pending');
  expect(second.id).not.toBe(first.id);
  expect(second.settings).toMatchObject({ availabilityZone: 'us-east-1b', tags: first.settings.tags });
  expect(second.isAgentOnline).toBe(false);
  await second.whenState('running');
  expect(aws.instances.get('main')).toBe(second);
  await first.whenState('terminated');
});

test('an instance that is stopped is terminated, and followed by one other', async () => {
  aws.instances.timing.healing = 1;
  const launched = nextLaunch();
  first.force('stopped');
  const second = await launched;
  expect(first.isLive).toBe(false);
  await second.whenState('running');
  expect(aws.instances.live()).toEqual([second]);
});

test('the one that follows is replaced in its turn', async () => {
  for (let time = 0; time < 2; time++) {
    const launched = nextLaunch();
    group.instance.terminate();
    await launched;
  }
  expect(aws.instances.in(aws.home)).toHaveLength(3);
  expect(aws.instances.live()).toEqual([group.instance]);
});

test('a group that is suspended replaces nothing, and makes up for it when it is resumed', async () => {
  group.suspend();
  first.terminate();
  await first.whenState('terminated');
  expect(aws.instances.live()).toEqual([]);
  const launched = nextLaunch();
  group.resume();
  const second = await launched;
  expect(aws.instances.live()).toEqual([second]);
});

test('a group that is well launches nothing when it is resumed', async () => {
  aws.instances.timing.healing = 0;
  group.suspend();
  group.resume();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(group.instance).toBe(first);
});

test('two groups of one template agree on every id', async () => {
  const other = await LocalAws.start({ template: groupTemplate(), stackName: 'tunnels' });
  expect(other.groups.get().instance.settings).toEqual({ ...first.settings, launchTime: expect.any(Date) });
  await other.close();
});

test('an update that changes nothing leaves all as it is', async () => {
  await update({});
  expect(aws.instances.live()).toEqual([first]);
});

test('an update of the launch template replaces the instance where the group says so', async () => {
  await update(ROLLING);
  expect(group.instance).toBe(first);
  await update({ image: 'ami-0bbbbbbbbbbbbbbbb', ...ROLLING });
  expect(aws.instances.live()).toEqual([group.instance]);
  expect(group.instance).toMatchObject({ state: 'running', settings: { imageId: 'ami-0bbbbbbbbbbbbbbbb' } });
  expect(group.instance.settings.tags).toEqual({ ...first.settings.tags, 'aws:ec2launchtemplate:version': '2' });
});

test('an update of the launch template is for later launches only where the group does not say otherwise', async () => {
  await update({ image: 'ami-0bbbbbbbbbbbbbbbb' });
  expect(aws.instances.live()).toEqual([first]);
  const launched = nextLaunch();
  first.terminate();
  expect((await launched).settings).toMatchObject({ imageId: 'ami-0bbbbbbbbbbbbbbbb', tags: { 'aws:ec2launchtemplate:version': '2' } });
});

test('a group that the template no longer has goes with its instance', async () => {
  const { Group: _group, ...rest } = groupTemplate().Resources!;
  await aws.load({ Resources: rest }, { stackName: 'tunnels' });
  await first.whenState('terminated');
  expect(() => aws.groups.get()).toThrow('0 groups are called undefined');
  expect(aws.instances.live()).toEqual([]);
});

test.each([
  ['its name', () => group.name],
  ['the exid of its instance', () => 'main'],
  ['its logical id', () => 'Group'],
])('finds a group by %s', (_, name) => {
  expect(aws.groups.get(name())).toBe(group);
});

test.each([
  ['a group is of two', { group: { DesiredCapacity: '2' } }, 'the group Group is of 2; only groups of one are known here'],
  ['a group has no launch template', { group: { LaunchTemplate: undefined } }, 'the group Group has no launch template of its own stack'],
])('fails when %s', async (_, changes, message) => {
  await expect(aws.load(groupTemplate(changes), { stackName: 'other' })).rejects.toThrow(message);
});
