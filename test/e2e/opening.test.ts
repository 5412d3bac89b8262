import { eventually } from '../support/eventually';
import { scenario } from './support/scenario';

scenario('a running bastion: a query through the port answers, and the tunnel outlives the command', async ({ open, query, closeAll, aws }) => {
  const { port, pid, status, reused } = await open();
  expect({ status, reused }).toEqual({ status: 'OPEN', reused: false });
  expect(process.kill(pid, 0)).toBe(true);
  expect(await query(port)).toBe(42);
  expect(aws.calls.of('StartInstances')).toEqual([]);
  expect(aws.calls.of('DescribeInstances')).toEqual([]);
  await closeAll();
});

scenario('the endpoint is on stdout, alone', async ({ connect, closeAll }) => {
  const { exit, stdout } = await connect('ahbodedb --port 0');
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^127\.0\.0\.1:\d+\n$/);
  await closeAll();
});

scenario('the reader is another tunnel, to another host', async ({ open, query, closeAll }) => {
  const [writer, reader] = [await open('ahbodedb --port 0'), await open('ahbodedb --port 0 --role reader')];
  expect(reader.remote.host).not.toBe(writer.remote.host);
  expect(reader.port).not.toBe(writer.port);
  expect(await query(reader.port)).toBe(42);
  await closeAll();
});

scenario('a cluster without descriptor is found by its name and its bastion\'s', async ({ open, query, closeAll, aws, connect }) => {
  const { port, name } = await open('--bastion vpc-main-bastion --cluster ahbodedb --port 0');
  expect(name).toBe('ahbodedb');
  expect(await query(port)).toBe(42);
  expect(aws.calls.of('GetParameter')).toEqual([]);
  expect((await connect('status ahbodedb')).exit).toBe(0);
  await closeAll();
});

scenario('a stopped bastion without descriptor is started, and it is said that it will not stop by itself', async ({ connect, aws, closeAll }) => {
  aws.instances.get().force('stopped');
  const { exit, stderr } = await connect('--bastion vpc-main-bastion --cluster ahbodedb --port 0');
  expect(exit).toBe(0);
  expect(stderr).toContain('--stop-bastion');
  await closeAll();
});

scenario('a command is run with the endpoint in its environment, and its exit code passed through', async ({ connect, closeAll }) => {
  const { exit, stdout, stderr } = await connect(['ahbodedb', '--port', '0', '--', 'sh', '-c', 'echo "$PGHOST $PGPORT $TUNNEL_PORT $DATABASE_URL"; exit 3']);
  expect({ exit, stderr: stderr.includes('error') }).toEqual({ exit: 3, stderr: false });
  const port = /^127\.0\.0\.1 (\d+) /.exec(stdout)?.[1];
  expect(stdout).toBe(`127.0.0.1 ${port} ${port} postgresql://127.0.0.1:${port}/app\n`);
  await closeAll();
});

scenario('a command that is not there is exit code 127', async ({ connect, closeAll }) => {
  expect((await connect('ahbodedb --port 0 -- no-such-program')).exit).toBe(127);
  await closeAll();
});

scenario('a signal reaches the command', async ({ start, watch, closeAll }) => {
  const running = start(['ahbodedb', '--port', '0', '--', 'sh', '-c', 'trap "exit 9" TERM; echo ready >&2; while :; do sleep 0.05; done']);
  await running.says('ready');
  running.kill('SIGTERM');
  expect((await watch(running)).exit).toBe(9);
  await closeAll();
});

scenario('in the foreground the tunnel lives as long as the command', async ({ start, watch, query, nothingLeft }) => {
  const running = start('ahbodedb --port 0 --foreground --json');
  await running.says('Ctrl-C closes it');
  const [opening, ready] = (await eventually(() => running.stdout.split('\n'), ({ length }) => length > 2)).slice(0, 2).map((line) => JSON.parse(line));
  expect([opening.event, ready.event]).toEqual(['opening', 'ready']);
  expect(await query(ready.port)).toBe(42);
  running.kill('SIGINT');
  expect((await watch(running)).exit).toBe(130);
  await nothingLeft();
});
