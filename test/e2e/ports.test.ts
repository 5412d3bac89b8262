import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
