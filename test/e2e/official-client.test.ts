import { dirname } from 'node:path';
import { eventually } from '../support/eventually';
import { markedProcesses } from '../support/marked-processes';
import { testWith } from '../support/optional-tools';
import { buildStandIns } from './stand-in';
import { scenario } from './support/scenario';
import type { World } from './support/world';

let standIns: Awaited<ReturnType<typeof buildStandIns>>;
let pluginOnly: typeof standIns;
beforeAll(async () => {
  standIns = await buildStandIns('aws', 'session-manager-plugin');
  pluginOnly = await buildStandIns('session-manager-plugin');
});
afterAll(async () => {
  await standIns?.remove();
  await pluginOnly?.remove();
});

const ARGS = 'ahbodedb --port 0 --transport aws-cli';
const withClient = (more: Record<string, string> = {}) => ({ environment: { PATH: `${standIns.folder}:${process.env.PATH}`, ...more } });

async function pidOfChild(world: World): Promise<number> {
  const found = (await markedProcesses(world.marker)).find(({ args }) => args.includes('start-session'));
  return found!.pid;
}

scenario('the official client carries a query, and its session is ended with the tunnel', async (world) => {
  const { port, transport, sessionId } = await world.open(ARGS, withClient());
  expect(transport).toBe('aws-cli');
  expect(await world.query(port)).toBe(42);
  expect(world.aws.sessions.open().map(({ id }) => id)).toEqual([sessionId]);
  await world.closeAll();
  expect(world.aws.sessions.open()).toEqual([]);
});

scenario('the real AWS CLI, with the plugin stood in for, carries a query and is ended with the tunnel', async (world) => {
  const { port } = await world.open(ARGS, { environment: { PATH: `${pluginOnly.folder}:${process.env.PATH}` } });
  expect(await world.query(port)).toBe(42);
  await world.closeAll();
}, { run: testWith('aws') });

scenario('a stopped bastion is started for the official client too', async (world) => {
  world.aws.instances.get('vpc-main-bastion').force('stopped');
  const { port } = await world.open(ARGS, withClient());
  expect(world.aws.calls.succeeded('StartInstances')).toHaveLength(1);
  expect(await world.query(port)).toBe(42);
  await world.closeAll();
}, { timing: { pending: 100, agentDelay: 50 } });

scenario('when the official client is killed, the next connection starts another', async (world) => {
  const { port, sessionId } = await world.open(ARGS, withClient());
  process.kill(-await pidOfChild(world), 'SIGKILL');
  await eventually(world.status, (tunnel) => tunnel.sessionId === undefined);
  expect(await world.query(port)).toBe(42);
  expect(world.aws.sessions.open().map(({ id }) => id)).not.toEqual([sessionId]);
  await world.closeAll();
});

scenario('when the worker is killed, the official client does not outlive the next clean-up', async (world) => {
  const { pid } = await world.open(ARGS, withClient());
  process.kill(pid, 'SIGKILL');
  await world.closeAll();
});

scenario('an official client that shows tokens to other users is refused', async (world) => {
  const { exit, stderr } = await world.connect(ARGS, withClient({ STAND_IN_PLUGIN_VERSION: '1.2.707.0' }));
  expect(exit).toBe(6);
  expect(stderr).toContain('1.2.707.0 is too old');
  expect(world.aws.calls.of('StartSession')).toEqual([]);
});

scenario('fails with what to do when the plugin is not installed', async (world) => {
  const { exit, stderr } = await world.connect(ARGS, { environment: { PATH: dirname(process.execPath) } });
  expect(exit).toBe(6);
  expect(stderr).toContain('session-manager-plugin does not run');
  expect(stderr).toContain('native transport needs nothing installed');
});
