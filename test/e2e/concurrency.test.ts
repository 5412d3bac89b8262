import { BIN, type Finished } from './support/connect';
import { putDescriptor } from './support/descriptor';
import { freePort } from './support/listener';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const TWENTY = 20;
const STARTS_IN = { timing: { pending: 3000 }, timeout: 90_000 };

/** Starts commands that wait at a barrier, lets all go at once, and waits for all. */
async function atOnce({ start, watch }: World, commands: readonly string[]): Promise<Finished[]> {
  const waiting = commands.map((args) => start(['-c', 'echo here >&2; read _; exec "$0" "$@"', BIN, ...args.split(' ')], { bin: '/bin/sh' }));
  await Promise.all(waiting.map(async (each) => each.says('here')));
  for (const each of waiting) each.writeLine();
  return Promise.all(waiting.map(watch));
}

async function openTwenty(world: World, args: string): Promise<void> {
  world.aws.instances.get().force('stopped');
  world.aws.calls.clear();
  const all = await atOnce(world, Array.from({ length: TWENTY }, () => `${args} --json`));
  expect(all.filter(({ exit }) => exit !== 0).map(({ exit, stdout }) => ({ exit, stdout }))).toEqual([]);
  expect(new Set(all.map(({ json }) => `${json.host}:${json.port} ${json.pid}`)).size).toBe(1);
  expect(all.filter(({ json }) => !json.reused)).toHaveLength(1);
  expect(world.aws.calls.of('StartInstances')).toHaveLength(1);
  expect(world.aws.calls.succeeded('StartSession')).toHaveLength(1);
  expect(await world.query(all[0]!.json.port)).toBe(42);
  await world.closeAll();
}

scenario('twenty at once, bastion stopped: one start, one session, one endpoint, one pid, twenty times exit code 0', async (world) => {
  await openTwenty(world, `ahbodedb --port ${await freePort()}`);
}, STARTS_IN);

scenario('twenty at once with --port 0', async (world) => {
  await openTwenty(world, 'ahbodedb --port 0');
}, STARTS_IN);

scenario('twenty at once over what a killed holder of the lock left', async (world) => {
  world.aws.instances.get().force('stopped');
  const holder = world.start('ahbodedb --port 0');
  await holder.says('starting it');
  holder.kill('SIGKILL');
  await holder.finished;
  await world.nothingLeft(10);
  await openTwenty(world, 'ahbodedb --port 0');
}, STARTS_IN);

scenario('when the holder of the lock is killed the next proceeds within 2 s', async ({ aws, start, watch, query, closeAll }) => {
  const bastion = aws.instances.get();
  bastion.takeAgentOffline();
  const holder = start('ahbodedb --port 0');
  await holder.says('waiting for its agent');
  const next = start('ahbodedb --port 0');
  await next.says(`(pid ${holder.pid}) is opening ahbodedb: waiting for it`);
  aws.calls.clear();
  const killedAt = Date.now();
  const proceeds = aws.calls.next('GetParameter');
  holder.kill('SIGKILL');
  await proceeds;
  expect(Date.now() - killedAt).toBeLessThan(2000);
  bastion.bringAgentOnline();
  await holder.finished;
  const { exit, stdout } = await watch(next);
  expect(exit).toBe(0);
  expect(await query(Number(stdout.split(':')[1]))).toBe(42);
  await closeAll();
});

scenario('two targets that want one port at once: one opens, the other is exit code 4', async (world) => {
  putDescriptor(world.aws, { name: 'other' });
  const port = await freePort();
  const both = await atOnce(world, [`ahbodedb --port ${port} --json`, `other --port ${port} --json`]);
  expect(both.map(({ exit }) => exit).sort()).toEqual([0, 4]);
  expect(both.find(({ exit }) => exit === 4)!.json.error).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(`port ${port} is taken`) });
  expect(await world.query(port)).toBe(42);
  await world.closeAll();
});
