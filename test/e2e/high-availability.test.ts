import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { TunnelBastion } from '../../src';
import { testApp } from '../construct/support';
import type { Group } from '../local-aws/state/group';
import type { Instance } from '../local-aws/state/instance';
import { eventually } from '../support/eventually';
import { putDescriptor } from './support/descriptor';
import { scenario, type ScenarioOptions } from './support/scenario';
import type { World } from './support/world';

const EXID = 'vpc-main-group';

/** What the construct makes of a bastion that is a group. */
function bastionTemplate(image: string): object {
  const stack = new Stack(testApp(), 'Bastion', { env: { account: '123456789012', region: 'us-east-1' } });
  new TunnelBastion(stack, 'Bastion', {
    vpc: new ec2.Vpc(stack, 'Vpc'), exid: EXID, highAvailability: true, machineImage: ec2.MachineImage.genericLinux({ 'us-east-1': image }),
  });
  return Template.fromStack(stack).toJSON();
}

const TEMPLATE = bastionTemplate('ami-0aaaaaaaaaaaaaaaa');

interface GroupWorld extends World { readonly group: Group }

/** A scenario whose target is reached by a bastion that is a group. Whatever happens in it, nobody starts or stops an instance. */
function groupScenario(name: string, body: (world: GroupWorld) => Promise<void>, { timing, ...options }: ScenarioOptions = {}): void {
  scenario(name, async (world) => {
    const { aws } = world;
    await aws.load(TEMPLATE, { stackName: 'bastion' });
    putDescriptor(aws, { bastion: { exid: EXID } });
    await body({ ...world, group: aws.groups.get(EXID) } as GroupWorld);
    expect([...aws.calls.of('StartInstances'), ...aws.calls.of('StopInstances')]).toEqual([]);
  }, { timing: { pending: 300, agentDelay: 300, ...timing }, ...options });
}

/** Ends the instance of a group, which is not to be replaced before it is resumed. */
async function leaveNone(group: Group): Promise<Instance> {
  const { instance } = group;
  group.suspend();
  instance.terminate();
  await instance.whenState('terminated');
  return instance;
}

/** Until the worker knows that its session is over. */
async function sessionIsOver({ status }: World): Promise<void> {
  await eventually(status, ({ sessionId }) => sessionId === undefined);
}

const targets = ({ aws }: World) => aws.sessions.open().map(({ target }) => target);
const waitingFor = ({ id }: Instance, state: string, { name }: Group) => `bastion ${id} is ${state}: waiting for its Auto Scaling group ${name} to bring a new one`;

groupScenario('a group\'s instance is found by its tag, and a query answers', async (world) => {
  const { port, bastion } = await world.open();
  expect(bastion).toEqual({ exid: EXID, instanceId: world.group.instance.id });
  expect(await world.query(port)).toBe(42);
  await world.closeAll();
});

groupScenario('an instance that is terminated while the tunnel is open is followed by another: the next connection goes there, on the same port', async (world) => {
  const { group } = world;
  const first = await world.open();
  const old = group.instance;
  old.terminate();
  await sessionIsOver(world);
  expect(await world.query(first.port)).toBe(42);
  expect(targets(world)).toEqual([group.instance.id]);
  expect(group.instance).not.toBe(old);
  const second = await world.open();
  expect(second).toMatchObject({ pid: first.pid, port: first.port, reused: true, bastion: { instanceId: group.instance.id } });
  expect((await world.connect('logs ahbodedb')).stdout).toContain(`bastion ${EXID} is now ${group.instance.id} (was ${old.id})`);
  await world.closeAll();
});

groupScenario('an instance that somebody stops is not started: its group replaces it', async (world) => {
  const { group } = world;
  const old = group.instance;
  group.suspend();
  old.stop();
  await old.whenState('stopped');
  const running = world.start('ahbodedb --port 0');
  await running.says(waitingFor(old, 'stopped', group));
  group.resume();
  const { exit, stdout } = await world.watch(running);
  expect(exit).toBe(0);
  expect(await world.query(Number(stdout.split(':')[1]))).toBe(42);
  expect(targets(world)).toEqual([group.instance.id]);
  await world.closeAll();
});

groupScenario('in the midst of a replacement, when there is no instance at all, the next one is waited for, visibly', async (world) => {
  const { group } = world;
  const old = await leaveNone(group);
  expect(world.aws.instances.live().map(({ settings }) => settings.tags.exid)).not.toContain(EXID);
  const running = world.start('ahbodedb --port 0');
  await running.says(waitingFor(old, 'terminated', group));
  group.resume();
  const { exit, stdout, stderr } = await world.watch(running);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining(`bastion ${EXID} is now ${group.instance.id} (was ${old.id})`) });
  expect(await world.query(Number(stdout.split(':')[1]))).toBe(42);
  await world.closeAll();
});

groupScenario('a cluster without descriptor is reached by a group too', async (world) => {
  const old = await leaveNone(world.group);
  const running = world.start(`--bastion ${EXID} --cluster ahbodedb --port 0`);
  await running.says(waitingFor(old, 'terminated', world.group));
  world.group.resume();
  const { exit, stdout, stderr } = await world.watch(running);
  expect({ exit, hint: stderr.includes('--stop-bastion') }).toEqual({ exit: 0, hint: false });
  expect(await world.query(Number(stdout.split(':')[1]))).toBe(42);
  await world.closeAll();
});

groupScenario('a connection to an open tunnel waits for the next instance', async (world) => {
  const { port } = await world.open();
  await leaveNone(world.group);
  await sessionIsOver(world);
  const looked = world.aws.calls.next('DescribeInstances');
  const answer = world.query(port);
  await looked;
  world.group.resume();
  expect(await answer).toBe(42);
  expect(targets(world)).toEqual([world.group.instance.id]);
  await world.closeAll();
});

groupScenario('a deployment that rolls the group is survived by the tunnel', async (world) => {
  const { port } = await world.open();
  const old = world.group.instance;
  await world.aws.load(bastionTemplate('ami-0bbbbbbbbbbbbbbbb'), { stackName: 'bastion' });
  expect(world.group.instance).not.toBe(old);
  await sessionIsOver(world);
  expect(await world.query(port)).toBe(42);
  expect(targets(world)).toEqual([world.group.instance.id]);
  await world.closeAll();
});

groupScenario('fails with exit code 5 when the group brings no new instance within --timeout, and says what to look at', async (world) => {
  const { group, connect, nothingLeft } = world;
  const { id, state } = await leaveNone(group);
  const { exit, stdout, stderr } = await connect('ahbodedb --port 0 --timeout 15');
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  expect(stderr).toMatch(new RegExp(`the Auto Scaling group ${group.name} did not bring a new instance for bastion ${EXID} within \\d+ s: ${id} is ${state}`));
  expect(stderr).toContain(`next:  see what the group does: aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group.name}`);
  await nothingLeft();
});

groupScenario('close --stop-bastion closes the tunnel and is refused: the group would replace the instance', async (world) => {
  const { group, connect, open, nothingLeft } = world;
  const { port } = await open();
  const { exit, stderr } = await connect('close ahbodedb --stop-bastion');
  expect(exit).toBe(2);
  expect(stderr).toContain(`bastion ${EXID} cannot be stopped: it is of the Auto Scaling group ${group.name}, which would replace it`);
  expect(world.ports.has(port)).toBe(true);
  expect(group.instance.state).toBe('running');
  await nothingLeft();
});

groupScenario('close --stop-bastion is refused without a tunnel too, and while there is no instance', async (world) => {
  for (const arrange of [async () => undefined, async () => leaveNone(world.group)]) {
    await arrange();
    expect((await world.connect('close ahbodedb --stop-bastion')).exit).toBe(2);
  }
});
