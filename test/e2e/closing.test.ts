import { freePort } from './support/listener';
import { scenario } from './support/scenario';

scenario('close of an open tunnel closes it, and terminates its session', async ({ open, connect, aws, nothingLeft }) => {
  const { port } = await open();
  expect(await connect('close ahbodedb')).toMatchObject({ exit: 0, stdout: `closed ahbodedb (writer) 127.0.0.1:${port}\n` });
  expect(aws.sessions.open()).toEqual([]);
  await nothingLeft();
  expect((await connect('status ahbodedb')).exit).toBe(9);
});

scenario('close of a closed tunnel says so, exit code 0', async ({ connect, aws }) => {
  expect(await connect('close ahbodedb')).toMatchObject({ exit: 0, stdout: '', stderr: 'ahbodedb was closed already\n' });
  expect(await connect('close --all')).toMatchObject({ exit: 0, stdout: '' });
  expect(aws.calls.all()).toEqual([]);
});

scenario('close when the bastion is gone from AWS', async ({ open, connect, aws, nothingLeft }) => {
  await open();
  const bastion = aws.instances.get();
  bastion.terminate();
  await bastion.whenState('terminated');
  expect((await connect('close ahbodedb')).exit).toBe(0);
  await nothingLeft();
});

scenario('close when AWS cannot be reached closes all that is local', async ({ open, connect, aws, nothingLeft }) => {
  await open();
  aws.faults.dropConnection('*');
  aws.gateway.faults.refuseUpgrades = Infinity;
  aws.gateway.cut('abrupt');
  const { exit } = await connect('close ahbodedb', { environment: { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` } });
  expect(exit).toBe(0);
  expect((await connect('status ahbodedb')).exit).toBe(9);
  // What AWS never heard of is left to its idle timeout; here that is now.
  for (const { id } of aws.sessions.open()) aws.gateway.terminate(id);
  await nothingLeft();
}, { timeout: 45_000 });

scenario('close with expired credentials', async ({ open, connect, aws, nothingLeft }) => {
  await open();
  aws.credentials.expire();
  expect((await connect('close ahbodedb')).exit).toBe(0);
  await nothingLeft();
});

scenario('a tunnel that is closed while it is in use cuts its connections', async ({ open, connect, query, nothingLeft }) => {
  const { port } = await open();
  const sleeping = query(port, 'select pg_sleep(30)').catch((error: Error) => error);
  await connect('close ahbodedb');
  expect(await sleeping).toMatchObject({ message: expect.stringMatching(/ECONNRESET|terminated/) });
  await nothingLeft();
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  scenario(`${signal} to the worker closes the tunnel`, async ({ open, nothingLeft }) => {
    const { pid } = await open();
    process.kill(pid, signal);
    await nothingLeft(5);
  });
}
