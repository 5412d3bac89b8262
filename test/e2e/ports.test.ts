import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { WorkerMessage, WorkerOrder } from '../../src/tunnel/worker/order';
import { ROOT } from './support/connect';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { freePort, Listener } from './support/listener';
import { scenario } from './support/scenario';

const STRANGER = `
  require("net").createServer().listen(0, process.argv[1], function () { console.log(this.address().port) });
`;

for (const host of ['127.0.0.1', '::1']) {
  scenario(`fails with exit code 4, before any call to AWS, when a stranger has the port on ${host}`, async ({ aws, connect, nothingLeft }) => {
    const stranger = spawn(process.execPath, ['-e', STRANGER, host, '--password=hunter2'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const port = Number((await once(stranger.stdout, 'data'))[0]);
      const { exit, stdout, stderr } = await connect(`ahbodedb --port ${port}`);
      expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
      expect(stderr).toContain(`port ${port} is taken`);
      expect(stderr).toMatch(new RegExp(`\\(node, pid ${stranger.pid}\\)`));
      expect(stderr).not.toContain('hunter2');
      expect(aws.calls.all()).toEqual([]);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      await nothingLeft();
    } finally {
      stranger.kill('SIGKILL');
    }
  });
}

scenario('fails with exit code 4, before any call to AWS, when another target\'s tunnel has the port', async ({ aws, open, connect, query, closeAll }) => {
  putDescriptor(aws, { name: 'other' });
  const { port } = await open('other --port 0');
  aws.calls.clear();
  const { exit, stderr } = await connect(`ahbodedb --port ${port}`);
  expect(exit).toBe(4);
  expect(stderr).toContain('other');
  expect(stderr).toContain('connect close other');
  expect(aws.calls.all()).toEqual([]);
  expect(await query(port)).toBe(42);
  await closeAll();
});

scenario('fails with exit code 4 when the other role\'s tunnel has the port', async ({ open, connect, closeAll }) => {
  const { port } = await open('ahbodedb --port 0');
  expect((await connect(`ahbodedb --role reader --port ${port}`)).exit).toBe(4);
  await closeAll();
});

scenario('the default port is the database\'s and 10000; when it is busy the next free one is used, said aloud and remembered', async ({ aws, open, connect, closeAll }) => {
  const busy = await Listener.on();
  putDescriptor(aws, { target: { ...exampleDescriptor(aws).target, engine: 'one-without-a-usual-port', port: busy.port - 10_000 } });
  const { stdout, stderr } = await connect('ahbodedb');
  const port = Number(stdout.split(':')[1]);
  expect(port).toBeGreaterThan(busy.port);
  expect(stderr).toMatch(new RegExp(`port ${busy.port} is busy.*: using ${port}`));
  await closeAll();
  await busy.close();
  expect((await open('ahbodedb')).port).toBe(port);
  await closeAll();
});

scenario('the port that was last used for a target is used again', async ({ open, closeAll }) => {
  const port = await freePort();
  await open(`ahbodedb --port ${port}`);
  await closeAll();
  expect((await open('ahbodedb')).port).toBe(port);
  await closeAll();
});

scenario('a tunnel listens on loopback only, on both addresses where there are two', async ({ open, closeAll }) => {
  const { port } = await open();
  await expect(Listener.on(port, '::1')).rejects.toThrow('EADDRINUSE');
  const elsewhere = await Listener.on(port, '127.0.0.2');
  await elsewhere.close();
  await closeAll();
});

scenario('a port that somebody takes in the last moment: the worker says so, and leaves nothing of what it began', async (world) => {
  const { aws, environment, tunnels, temporary, nothingLeft } = world;
  const busy = await Listener.on();
  aws.faults.delay('StartSession', 1_000);
  const { name, account, region, bastion, document, target: { engine, host, port } } = exampleDescriptor(aws);
  const order: WorkerOrder = {
    type: 'order',
    dir: tunnels,
    hash: '0123456789abcdef',
    localPort: busy.port,
    target: { name, role: 'writer', account, region, engine, host: host.writer, port, bastion, document: document.writer, foundBy: 'descriptor' },
    instanceId: aws.instances.get().id,
    aws: { region },
    transport: 'native',
    lanes: 1,
    deadline: Date.now() + 20_000,
  };
  const log = join(temporary, 'worker.log');
  const worker = spawn(process.execPath, [join(ROOT, 'lib', 'connect', 'launch.cjs'), 'worker', log], {
    env: { ...environment, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const said: WorkerMessage[] = [];
  worker.on('message', (message: WorkerMessage) => said.push(message));
  worker.send(order);
  await once(worker, 'exit');
  expect(said.find(({ type }) => type === 'failed')).toMatchObject({ problem: { code: 'PORT_TAKEN', message: expect.stringContaining(String(busy.port)) } });
  expect(said.map(({ type }) => type)).not.toContain('ready');
  await busy.close();
  await nothingLeft();
});
