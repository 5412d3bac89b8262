import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { freePort } from './support/listener';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** A project in the home of the world, and a folder deep in it. */
async function project({ home }: World, file: object): Promise<{ cwd: string; remove: () => Promise<void> }> {
  const root = join(home, 'project');
  const cwd = join(root, 'packages', 'app');
  await mkdir(cwd, { recursive: true });
  await writeFile(join(root, 'connect.json'), JSON.stringify(file));
  return { cwd, remove: async () => rm(root, { recursive: true }) };
}

scenario('a project file gives a target its port and a short name; every command knows it, and flags win', async (world) => {
  const { open, connect, query } = world;
  const [port, other] = [await freePort(), await freePort()];
  const { cwd, remove } = await project(world, { reason: 'project', targets: { ahbodedb: { port }, replica: { target: 'ahbodedb', role: 'reader', port: other } } });
  expect((await open('ahbodedb', { cwd })).port).toBe(port);
  expect(await open('replica', { cwd })).toMatchObject({ name: 'ahbodedb', role: 'reader', port: other });
  expect(await query(other)).toBe(42);
  const [status, logs] = await Promise.all(['status replica --json', 'logs replica --json'].map(async (args) => connect(args, { cwd })));
  expect(status!.json.tunnels).toMatchObject([{ role: 'reader', port: other }]);
  expect(logs!.json.logs).toHaveLength(1);
  expect((await connect('list --json', { cwd })).json).toHaveLength(2);
  expect(await connect('close replica', { cwd })).toMatchObject({ exit: 0, stdout: `closed ahbodedb (reader) 127.0.0.1:${other}\n` });
  const third = await freePort();
  expect((await open(`ahbodedb --port ${third}`, { cwd })).port).toBe(third);
  const { stdout } = await connect('close ahbodedb', { cwd });
  expect(stdout.trim().split('\n')).toHaveLength(2);
  await remove();
});

scenario('config shows each setting and who said it; nothing is asked of AWS', async (world) => {
  const { connect, aws } = world;
  const { cwd, remove } = await project(world, { timeout: 60, targets: { replica: { target: 'ahbodedb', role: 'reader', port: 15432 } } });
  const environment = { CONNECT_LANES: '2', CONNECT_PORT: '15440' };
  const { exit, stdout, stderr } = await connect('config replica --region eu-west-1', { cwd, environment });
  expect(exit).toBe(0);
  expect(stderr).toBe(`project file: ${join(cwd, '../../connect.json')}\n`);
  const rows = stdout.trimEnd().split('\n').map((row) => row.split(/ {2,}/));
  expect(rows).toEqual(expect.arrayContaining([
    ['SETTING', 'VALUE', 'SOURCE'],
    ['target', 'ahbodedb', '../../connect.json: targets.replica'],
    ['port', '15440', 'CONNECT_PORT'],
    ['role', 'reader', '../../connect.json: targets.replica.role'],
    ['region', 'eu-west-1', '--region'],
    ['timeout', '60', '../../connect.json: timeout'],
    ['lanes', '2', 'CONNECT_LANES'],
    ['transport', 'native', 'default'],
    ['reason', '-', 'default'],
  ]));
  const { json } = await connect('config replica --json --config none', { cwd, environment });
  expect(json).toMatchObject({ name: 'replica', target: 'replica', settings: { role: { value: 'writer', source: { kind: 'default' } }, port: { value: 15440, source: { kind: 'environment' } } } });
  expect(json).not.toHaveProperty('file');
  expect(aws.calls.all()).toEqual([]);
  await remove();
});

scenario('a bad project file is exit code 2 before anything happens, and says where; none goes on without', async (world) => {
  const { connect, aws, home } = world;
  const { cwd, remove } = await project(world, { targets: { ahbodedb: { port: 70000 } } });
  const { exit, stdout, stderr } = await connect('ahbodedb', { cwd });
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toBe('error: ../../connect.json: targets.ahbodedb.port is 70000: expected a port from 1 to 65535, or 0 for any free one\n'
    + 'next:  correct the file, or add --config none to read no project file\n');
  expect((await connect('status ahbodedb', { cwd, environment: { CONNECT_CONFIG: 'none' } })).exit).toBe(9);
  await writeFile(join(home, 'team.json'), '{ "prot": 1 }');
  expect((await connect('status ahbodedb --config ../../../team.json', { cwd })).stderr).toContain('did you mean "port"?');
  expect(aws.calls.all()).toEqual([]);
  await remove();
  await rm(join(home, 'team.json'));
});

scenario('several targets are opened side by side; one that there is none of fails, the others stay', async ({ aws, connect, query, closeAll }) => {
  putDescriptor(aws, { ...exampleDescriptor(aws), name: 'users' });
  const [one, other] = [await freePort(), await freePort()];
  const { exit, stdout, stderr } = await connect(`users=${one} usres ahbodedb=${other}`);
  expect({ exit, stdout }).toEqual({ exit: 3, stdout: `users  127.0.0.1:${one}\nahbodedb  127.0.0.1:${other}\n` });
  expect(stderr).toContain('did you mean users? see which there are: connect targets --region');
  expect([await query(one), await query(other)]).toEqual([42, 42]);
  const again = await connect('users ahbodedb --json');
  expect(again).toMatchObject({ exit: 0, json: [{ name: 'users', port: one, reused: true }, { name: 'ahbodedb', port: other, reused: true }] });
  await closeAll();
});

scenario('--foreground holds several open, and closes them', async ({ aws, start, watch, nothingLeft, query, ports }) => {
  putDescriptor(aws, { ...exampleDescriptor(aws), name: 'users' });
  const [one, other] = [await freePort(), await freePort()];
  for (const port of [one, other]) ports.add(port);
  const running = start(`users=${one} ahbodedb=${other} --foreground`);
  await running.says('users (writer) is open');
  await running.says('ahbodedb (writer) is open');
  expect([await query(one), await query(other)]).toEqual([42, 42]);
  running.kill('SIGTERM');
  expect((await watch(running)).exit).toBe(143);
  await nothingLeft();
});

scenario('a misspelt name gets the one that was meant: remembered, or listed; who may not list gets none', async ({ aws, connect }) => {
  aws.faults.deny('GetParametersByPath');
  const alone = await connect('ahbodebd');
  expect({ exit: alone.exit, stderr: alone.stderr }).toEqual({ exit: 3, stderr: expect.not.stringContaining('did you mean') });
  aws.faults.clear();
  expect((await connect('ahbodebd')).stderr).toContain('did you mean ahbodedb? see which there are');
  aws.calls.clear();
  expect((await connect('ahbodebd')).stderr).toContain('did you mean ahbodedb?');
  expect(aws.calls.of('GetParametersByPath')).toEqual([]);
  expect((await connect('open')).stderr).toContain('next:  connect <target>, one of: ahbodedb');
});
