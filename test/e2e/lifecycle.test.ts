import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { isRunning, markedProcesses } from '../support/marked-processes';
import { BIN, type Running } from './support/connect';
import { copyPackage } from './support/package-copy';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** A moment in the opening of a tunnel, and how one knows that it has come. */
const MOMENTS: Readonly<Record<string, (world: World, running: Running) => Promise<unknown>>> = {
  'before anything': async () => undefined,
  'while the descriptor is read': async ({ aws }) => {
    aws.faults.delay('GetParameter', 1000);
    await aws.calls.next('GetParameter');
  },
  'while the bastion is looked at': async ({ aws }) => {
    aws.instances.get().force('stopped');
    aws.faults.delay('DescribeInstances', 1000);
    await aws.calls.next('DescribeInstances');
  },
  'while the bastion starts': async ({ aws }, running) => {
    aws.instances.get().force('stopped');
    await running.says('starting it');
  },
  'while the session starts': async ({ aws }) => {
    aws.faults.delay('StartSession', 1000);
    await aws.calls.next('StartSession');
  },
  'while the session shakes hands': async ({ aws }) => {
    aws.gateway.faults.delay = 300;
    await once(aws.gateway, 'opened');
  },
  'while the database is waited for': async ({ aws }, running) => {
    aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: 1 });
    await running.says('waiting for ahbodedb to answer');
  },
};

for (const [moment, whenIt] of Object.entries(MOMENTS)) {
  scenario(`connect killed -9 ${moment}: nothing left after 10 s, or a complete tunnel`, async (world) => {
    const running = world.start('ahbodedb --port 0');
    await whenIt(world, running);
    running.kill('SIGKILL');
    await running.finished;
    await world.nothingLeft(10).catch(async (left: unknown) => {
      const { json } = await world.connect('status ahbodedb --json');
      if (json.status !== 'OPEN') throw left;
      expect(await world.query(json.tunnels[0].port)).toBe(42);
      await world.closeAll();
    });
  }, { timing: { pending: 3000 } });
}

scenario('interrupted while AWS is slow to start the session: it is ended all the same', async ({ aws, start, watch, nothingLeft }) => {
  aws.faults.delay('StartSession', 2500);
  const running = start('ahbodedb --port 0');
  await aws.calls.next('StartSession');
  running.kill('SIGINT');
  expect((await watch(running)).exit).toBe(130);
  expect(aws.calls.of('StartSession')).toHaveLength(1);
  await nothingLeft();
});

scenario('AWS that does not answer is given up at --timeout, and keeps nobody waiting after that', async ({ aws, connect, nothingLeft }) => {
  aws.faults.delay('GetParameter', 15_000);
  const startedAt = Date.now();
  const { exit, json } = await connect('ahbodedb --port 0 --timeout 2 --json');
  expect(exit).toBe(6);
  expect(json.error.message).toContain('--timeout');
  expect(Date.now() - startedAt).toBeLessThan(6000);
  await nothingLeft();
});

scenario('worker killed -9 while it opens: the opener says so at once, and nothing is left', async ({ aws, start, watch, marker, nothingLeft }) => {
  aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: 1 });
  const running = start('ahbodedb --port 0');
  await running.says('waiting for ahbodedb to answer');
  const worker = (await markedProcesses(marker)).find(({ args }) => args.join(' ').includes('connect-worker'));
  process.kill(worker!.pid, 'SIGKILL');
  const killedAt = Date.now();
  const { exit, stderr } = await watch(running);
  expect(exit).toBe(6);
  expect(stderr).toContain('before it was open');
  expect(Date.now() - killedAt).toBeLessThan(8000);
  await nothingLeft();
});

/** What an opening may be waiting for when another command closes it, and how one knows that it does. */
const WAITS: Readonly<Record<string, [prepare: (world: World) => void, says: string]>> = {
  'the database': [({ aws }) => aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: 1 }), 'waiting for ahbodedb to answer'],
  'the bastion': [({ aws }) => aws.instances.get().takeAgentOffline(), 'waiting for its agent'],
};

for (const [what, [prepare, says]] of Object.entries(WAITS)) {
  scenario(`closed by another command while ${what} is waited for: the opener says so at once, and nothing is left`, async (world) => {
    prepare(world);
    const running = world.start('ahbodedb --port 0');
    await running.says(says);
    expect((await world.connect('close --all')).exit).toBe(0);
    const { exit, stderr } = await world.watch(running);
    expect(exit).toBe(6);
    expect(stderr).toContain('the tunnel was closed');
    await world.nothingLeft();
  });
}

scenario('worker killed -9: status is CLOSED, the next open respawns on the same port, no stale file', async ({ open, connect, query, closeAll, nothingLeft }) => {
  const first = await open('ahbodedb --port 0');
  process.kill(first.pid, 'SIGKILL');
  await eventually(async () => (await connect('status ahbodedb')).exit, (exit) => exit === 9, 2);
  const second = await open('ahbodedb');
  expect(second).toMatchObject({ port: first.port, reused: false });
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second.port)).toBe(42);
  await closeAll();
  await nothingLeft();
});

scenario('close of a tunnel whose worker was killed -9 takes away its files and its session', async ({ open, connect, nothingLeft }) => {
  const { pid } = await open();
  process.kill(pid, 'SIGKILL');
  expect((await connect('close ahbodedb')).exit).toBe(0);
  await nothingLeft();
});

scenario('worker alive, control channel dead: ended and respawned', async ({ open, query, closeAll }) => {
  const first = await open('ahbodedb --port 0');
  process.kill(first.pid, 'SIGSTOP');
  const second = await open('ahbodedb');
  expect(second).toMatchObject({ port: first.port, reused: false });
  expect(await isRunning(first.pid)).toBe(false);
  expect(await query(second.port)).toBe(42);
  await closeAll();
}, { timeout: 40_000 });

scenario('pid recycled by another program: not taken for ours, never signalled', async ({ open, connect, tunnels, query, closeAll }) => {
  const { pid } = await open();
  process.kill(pid, 'SIGKILL');
  const stranger = spawn('sleep', ['600']);
  try {
    for (const name of readdirSync(tunnels).filter((each) => /\.(pid|meta)$/.test(each))) {
      const path = join(tunnels, name);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(String(pid), String(stranger.pid)));
    }
    expect((await connect('status ahbodedb')).exit).toBe(9);
    expect((await connect('close ahbodedb')).exit).toBe(0);
    const { port } = await open();
    expect(await query(port)).toBe(42);
    await closeAll();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  } finally {
    stranger.kill('SIGKILL');
  }
});

scenario('the terminal that opened it is closed: the tunnel goes on answering', async (world) => {
  const shell = world.start(['-c', '"$0" ahbodedb --port 0 --json; echo opened >&2; while :; do sleep 0.1; done', BIN], { bin: '/bin/sh', isGroup: true });
  await shell.says('opened');
  const { port } = JSON.parse(shell.stdout);
  process.kill(-shell.pid, 'SIGHUP');
  await shell.finished;
  expect(await world.query(port)).toBe(42);
  await world.closeAll();
});

scenario('the package\'s folder is deleted after opening: the tunnel goes on answering, also with a bastion that has to be started', async (world) => {
  const folder = join(world.home, 'package');
  const bin = await copyPackage(folder);
  const { port } = await world.open('ahbodedb --port 0', { bin });
  await rm(folder, { recursive: true });
  expect(await world.query(port)).toBe(42);
  const bastion = world.aws.instances.get();
  bastion.stop();
  await bastion.whenState('stopped');
  expect(await world.query(port)).toBe(42);
  expect(world.aws.calls.succeeded('StartInstances')).toHaveLength(1);
  await world.closeAll();
});

scenario('a session that ends is followed by another on demand, on the same port', async ({ aws, open, status, query, closeAll }) => {
  const { port, pid, sessionId } = await open();
  aws.gateway.terminate(sessionId);
  await eventually(status, (tunnel) => tunnel.sessionId !== sessionId);
  expect(await query(port)).toBe(42);
  expect(await open()).toMatchObject({ pid, port, reused: true });
  await closeAll();
});

scenario('a data channel that is cut is resumed: connections survive', async ({ aws, open, query, closeAll }) => {
  const { port } = await open();
  const slow = query(port, 'select 42 from pg_sleep(2)');
  await new Promise((resolve) => setTimeout(resolve, 500));
  aws.gateway.cut('bye');
  expect(await slow).toBe(42);
  expect(aws.calls.succeeded('ResumeSession').length).toBeGreaterThan(0);
  expect(aws.calls.of('StartSession')).toHaveLength(1);
  await closeAll();
});
