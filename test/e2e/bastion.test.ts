import { putDescriptor } from './support/descriptor';
import { scenario } from './support/scenario';
import type { World } from './support/world';

async function isStartedAndWaitedFor({ aws, start, watch, query, closeAll }: World): Promise<void> {
  const running = start('ahbodedb --port 0');
  const { exit, stdout, stderr } = await watch(running);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining(`bastion ${aws.instances.get().id} is `) });
  expect(await query(Number(stdout.split(':')[1]))).toBe(42);
  await closeAll();
}

scenario('a stopped bastion is started and waited for, visibly', async (world) => {
  world.aws.instances.get().force('stopped');
  await isStartedAndWaitedFor(world);
  expect(world.aws.calls.succeeded('StartInstances')).toHaveLength(1);
}, { timing: { pending: 1000, agentDelay: 500 } });

scenario('a pending bastion is waited for, visibly', async (world) => {
  const bastion = world.aws.instances.get();
  bastion.force('pending');
  world.aws.calls.on('ended', () => {
    if (world.aws.calls.of('DescribeInstances').length === 2) bastion.force('running');
  });
  await isStartedAndWaitedFor(world);
  expect(world.aws.calls.of('StartInstances')).toEqual([]);
});

scenario('a stopping bastion is started once it has stopped', async (world) => {
  world.aws.instances.get().stop();
  await isStartedAndWaitedFor(world);
  expect(world.aws.calls.succeeded('StartInstances')).toHaveLength(1);
}, { timing: { stopping: 2500, pending: 200 } });

scenario('a running bastion whose agent is not yet online is asked until it is', async (world) => {
  const bastion = world.aws.instances.get();
  bastion.takeAgentOffline();
  world.aws.calls.on('ended', () => {
    if (world.aws.calls.failed('StartSession').length === 2) bastion.bringAgentOnline();
  });
  await isStartedAndWaitedFor(world);
  expect(world.aws.calls.of('StartInstances')).toEqual([]);
});

scenario('a session that is accepted and never shakes hands is tried again', async (world) => {
  world.aws.gateway.faults.agent.silentSessions = 1;
  await isStartedAndWaitedFor(world);
  expect(world.aws.calls.succeeded('StartSession').length).toBe(2);
}, { timeout: 40_000 });

scenario('fails with exit code 5 when the agent never comes online within --timeout', async ({ aws, connect, nothingLeft }) => {
  aws.instances.get().takeAgentOffline();
  const { exit, stderr } = await connect('ahbodedb --port 0 --timeout 3');
  expect({ exit, stderr }).toEqual({ exit: 5, stderr: expect.stringContaining('did not take a session') });
  await nothingLeft();
});

scenario('fails with exit code 5 and the reason when a start falls back to stopped', async ({ aws, connect, nothingLeft }) => {
  const bastion = aws.instances.get();
  bastion.force('stopped');
  bastion.failStarts({ code: 'Server.InternalError', message: 'Server.InternalError: Internal error on launch' });
  const { exit, stderr } = await connect('ahbodedb --port 0');
  expect({ exit, stderr }).toEqual({ exit: 5, stderr: expect.stringContaining('Internal error on launch') });
  await nothingLeft();
}, { timing: { pending: 500 } });

scenario('fails with exit code 5 and the reason when there is no capacity', async ({ aws, connect, nothingLeft }) => {
  const bastion = aws.instances.get();
  bastion.force('stopped');
  bastion.hasCapacity = false;
  const { exit, stderr } = await connect('ahbodedb --port 0');
  expect({ exit, stderr }).toEqual({ exit: 5, stderr: expect.stringContaining('InsufficientInstanceCapacity') });
  await nothingLeft();
});

scenario('a bastion that was replaced while the tunnel was open is found again, on the same port', async ({ aws, open, query, closeAll }) => {
  const first = await open('ahbodedb');
  const old = aws.instances.get();
  const fresh = aws.instances.replace(old);
  old.terminate();
  await old.whenState('terminated');
  const second = await open('ahbodedb');
  expect(second.port).toBe(first.port);
  expect(await query(second.port)).toBe(42);
  expect(aws.sessions.open().map(({ target }) => target)).toEqual([fresh.id]);
  await closeAll();
});

scenario('of an old and a new bastion that are both alive the newest of the same stack is used', async ({ aws, open, query, closeAll }) => {
  putDescriptor(aws, { bastion: { exid: 'vpc-main-bastion' } });
  const fresh = aws.instances.replace(aws.instances.get());
  const { port, bastion } = await open();
  expect(bastion.instanceId).toBe(fresh.id);
  expect(await query(port)).toBe(42);
  await closeAll();
});

scenario('fails and lists them when two unrelated live instances have one exid', async ({ aws, connect, nothingLeft }) => {
  putDescriptor(aws, { bastion: { exid: 'vpc-main-bastion' } });
  const one = aws.instances.get();
  const other = aws.instances.add({ tags: { exid: 'vpc-main-bastion' } });
  const { exit, stderr } = await connect('ahbodedb --port 0');
  expect(exit).toBe(3);
  expect(stderr).toContain(one.id);
  expect(stderr).toContain(other.id);
  await nothingLeft();
});

scenario('close --stop-bastion stops it, with a tunnel and without', async ({ aws, open, connect }) => {
  const bastion = aws.instances.get();
  await open();
  expect((await connect('close ahbodedb --stop-bastion')).exit).toBe(0);
  await bastion.whenState('stopped');
  bastion.force('running');
  const { exit, stdout } = await connect('close ahbodedb --stop-bastion');
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: `bastion ${bastion.id} is STOPPING\n` });
  await bastion.whenState('stopped');
});

scenario('AWS that throttles, or breaks off, while the bastion is waited for ends nothing', async ({ aws, open, query, closeAll }) => {
  aws.instances.get().force('stopped');
  aws.faults.fail('DescribeInstances', { code: 'RequestLimitExceeded', skip: 1, times: 4 });
  const { port } = await open();
  expect(aws.calls.failed('DescribeInstances').length).toBeGreaterThanOrEqual(4);
  expect(await query(port)).toBe(42);
  await closeAll();
}, { timing: { pending: 3000 } });
