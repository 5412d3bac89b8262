import { exampleTemplate } from '../support/example-template';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { freePort } from './support/listener';
import { scenario } from './support/scenario';

scenario('the same command again: same pid, no second session, exit code 0', async ({ open, query, closeAll, aws }) => {
  const port = await freePort();
  const first = await open(`ahbodedb --port ${port}`);
  const second = await open(`ahbodedb --port ${port}`);
  expect(second).toMatchObject({ pid: first.pid, port, reused: true });
  expect(aws.calls.of('StartSession')).toHaveLength(1);
  expect(await query(port)).toBe(42);
  await closeAll();
});

scenario('without a port, or with port 0, the open tunnel is reused whatever its port', async ({ open, closeAll, aws }) => {
  const first = await open(`ahbodedb --port ${await freePort()}`);
  expect(await open('ahbodedb')).toMatchObject({ pid: first.pid, port: first.port, reused: true });
  expect(await open('ahbodedb --port 0')).toMatchObject({ pid: first.pid, port: first.port, reused: true });
  expect(aws.calls.of('StartSession')).toHaveLength(1);
  await closeAll();
});

scenario('another explicit port opens a second tunnel; status, logs and close act on both, or on the one of the port', async ({ open, query, connect }) => {
  const [one, other] = [await open(`ahbodedb --port ${await freePort()}`), await open(`ahbodedb --port ${await freePort()}`)];
  expect(await query(one.port)).toBe(42);
  expect(await query(other.port)).toBe(42);
  expect((await connect('status ahbodedb --json')).json.tunnels).toHaveLength(2);
  expect((await connect('logs ahbodedb --json')).json.logs).toHaveLength(2);
  expect((await connect(`close ahbodedb --port ${one.port} --json`)).json.closed).toHaveLength(1);
  expect((await connect('list --json')).json.map(({ port }: { port: number }) => port)).toEqual([other.port]);
  expect((await connect('close ahbodedb')).exit).toBe(0);
});

scenario('two targets on two ports are open side by side', async ({ aws, open, query, connect, closeAll }) => {
  putDescriptor(aws, { name: 'other' });
  const [one, other] = [await open('ahbodedb --port 0'), await open('other --port 0')];
  expect(other.pid).not.toBe(one.pid);
  expect(await query(one.port)).toBe(42);
  expect(await query(other.port)).toBe(42);
  expect((await connect('status other --json')).json.tunnels).toMatchObject([{ name: 'other', port: other.port }]);
  await closeAll();
});

scenario('the same name under two prefixes is two tunnels, never mixed up', async ({ aws, open, connect, query, closeAll }) => {
  const descriptor = exampleDescriptor(aws);
  aws.parameters.put('/staging/ahbodedb', JSON.stringify({ ...descriptor, target: { ...descriptor.target, host: { writer: 'staging.internal' } } }));
  const production = await open(`ahbodedb --port ${await freePort()}`);
  const taken = await connect(`ahbodedb --prefix /staging --port ${production.port} --json`);
  expect(taken.exit).toBe(4);
  aws.hosts.map('staging.internal', aws.hosts.resolve(descriptor.target.host.writer, 5432)!);
  const staging = await open('ahbodedb --prefix /staging --port 0');
  expect(staging.pid).not.toBe(production.pid);
  expect(staging.remote.host).toBe('staging.internal');
  expect(await query(production.port)).toBe(42);
  expect((await connect(`status ahbodedb --port ${production.port} --json`)).json.tunnels[0].remote.host).toBe(descriptor.target.host.writer);
  await closeAll();
});

scenario('the same name in two regions is two tunnels, never mixed up', async ({ aws, open, connect, query, postgres, closeAll }) => {
  const region = 'eu-west-1';
  await aws.load(await exampleTemplate(), { region });
  aws.hosts.map(exampleDescriptor(aws, { ...aws.home, region }).target.host.writer, postgres);
  const home = await open('ahbodedb --port 0');
  const abroad = await open(`ahbodedb --port 0 --region ${region}`);
  expect(abroad).toMatchObject({ region, reused: false });
  expect(abroad.pid).not.toBe(home.pid);
  expect(await query(home.port)).toBe(42);
  expect(await query(abroad.port)).toBe(42);
  expect(await open('ahbodedb --port 0')).toMatchObject({ pid: home.pid });
  expect((await connect(`close ahbodedb --region ${region} --json`)).json.closed).toMatchObject([{ pid: abroad.pid }]);
  expect((await connect('status ahbodedb --json')).json.tunnels).toMatchObject([{ pid: home.pid }]);
  await closeAll();
});

scenario('the same name in two accounts is two tunnels, never mixed up', async ({ aws, open, query, postgres, closeAll }) => {
  const account = '210987654321';
  await aws.load(await exampleTemplate(), { account });
  aws.hosts.map(exampleDescriptor(aws, { ...aws.home, account }).target.host.writer, postgres);
  const environment = aws.environmentFor({ account });
  const mine = await open('ahbodedb --port 0');
  const theirs = await open('ahbodedb --port 0', { environment });
  expect(theirs).toMatchObject({ account, reused: false });
  expect(theirs.pid).not.toBe(mine.pid);
  expect(await query(mine.port)).toBe(42);
  expect(await query(theirs.port)).toBe(42);
  expect(await open('ahbodedb --port 0', { environment })).toMatchObject({ pid: theirs.pid, account });
  await closeAll();
});
