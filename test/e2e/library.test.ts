import { join } from 'node:path';
import { execa } from 'execa';
import { findFreePort } from '../../src/tunnel/ports';
import { ROOT } from './support/connect';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const LIBRARY = join(ROOT, 'lib', 'tunnel', 'index.cjs');
const TUNNEL = {
  via: { mechanism: 'aws.ssm', bastion: { exid: 'vpc-main-bastion' } },
  into: { cluster: { name: 'ahbodedb' } },
  from: { host: 'localhost' },
};

/** Runs a line of a program that uses the library, in a process of its own. @returns what the line gives */
async function use(world: World, line: string): Promise<any> {
  const program = `
    const { setVpcTunnel, getVpcTunnel } = require(${JSON.stringify(LIBRARY)});
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const context = { aws: { region: 'us-east-1' }, log: quiet };
    (async () => (${line}))().then(
      (result) => console.log(JSON.stringify({ result })),
      (error) => console.log(JSON.stringify({ error: { name: error.name, code: error.code, message: error.message } })),
    );`;
  const { stdout } = await execa(process.execPath, ['-e', program], { env: world.environment, extendEnv: false });
  return JSON.parse(stdout);
}

scenario('sets a tunnel open, gets it, sets it open again, and sets it closed', async (world) => {
  const port = await findFreePort(0);
  world.ports.add(port);
  const tunnel = JSON.stringify({ ...TUNNEL, from: { ...TUNNEL.from, port } });
  expect((await use(world, `await getVpcTunnel(${tunnel}, context)`)).result).toMatchObject({ status: 'CLOSED' });

  const { result: opened } = await use(world, `await setVpcTunnel({ ...${tunnel}, status: 'OPEN' }, context)`);
  expect(opened).toMatchObject({ ...JSON.parse(tunnel), status: 'OPEN', pid: expect.any(Number) });
  expect(await world.query(port)).toBe(42);

  const calls = world.aws.calls.all().length;
  expect((await use(world, `await getVpcTunnel(${tunnel}, context)`)).result).toEqual(opened);
  expect(world.aws.calls.all()).toHaveLength(calls);

  expect((await use(world, `await setVpcTunnel({ ...${tunnel}, status: 'OPEN' }, context)`)).result).toEqual(opened);
  const { result: closed } = await use(world, `await setVpcTunnel({ ...${tunnel}, status: 'CLOSED' }, context)`);
  expect(closed).toEqual({ ...JSON.parse(tunnel), status: 'CLOSED' });
  expect((await use(world, `await getVpcTunnel(${tunnel}, context)`)).result).toEqual(closed);
});

scenario('says that a bastion it started without a descriptor may not stop by itself', async (world) => {
  world.aws.instances.get('vpc-main-bastion').force('stopped');
  const { exit, stderr } = await world.connect('--bastion vpc-main-bastion --cluster ahbodedb --port 0');
  expect(exit).toBe(0);
  expect(stderr).toContain('--stop-bastion');
  await world.closeAll();
});

scenario('fails with a problem for a tunnel that cannot be', async (world) => {
  const { error } = await use(world, `await setVpcTunnel({ ...${JSON.stringify(TUNNEL)}, from: { host: '0.0.0.0', port: 15432 }, status: 'OPEN' }, context)`);
  expect(error).toEqual({ name: 'Problem', code: 'USAGE', message: 'host "0.0.0.0" is not this machine\'s loopback' });
  expect(world.aws.calls.all()).toEqual([]);
});
