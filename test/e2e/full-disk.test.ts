import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { isRunning } from '../support/marked-processes';
import { SmallDisk, withSmallDisk } from '../support/small-disk';
import { scenario } from './support/scenario';
import type { World } from './support/world';

type Environment = Readonly<Record<string, string>>;

/** A test whose tunnels are kept on a disk of their own. */
function onSmallDisk(name: string, body: (world: World, disk: SmallDisk, environment: Environment) => Promise<void>): void {
  scenario(name, async (world) => {
    const disk = new SmallDisk(join(world.home, 'small'));
    try {
      await body(world, disk, { CONNECT_TUNNELS_DIR: disk.path });
    } finally {
      disk.remove();
    }
  }, { run: withSmallDisk });
}

const metaOn = (disk: SmallDisk): any => {
  const [name] = readdirSync(disk.path).filter((each) => each.endsWith('.meta'));
  return JSON.parse(readFileSync(join(disk.path, name!), 'utf8'));
};

/** Makes the worker open another session, which its files have to name. */
async function changeSession({ aws, query, status }: World, port: number, environment: Environment): Promise<string> {
  aws.gateway.terminate(aws.sessions.open()[0]!.id);
  await eventually(async () => status(environment), ({ sessions }) => sessions.length === 0);
  expect(await query(port)).toBe(42);
  return aws.sessions.open()[0]!.id;
}

onSmallDisk('a tunnel does not start on a disk that is full, says so, and leaves nothing', async (world, disk, environment) => {
  disk.fill();
  const { exit, stdout, stderr } = await world.connect('ahbodedb --port 0', { environment });
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toMatch(/^error: .*small\/[0-9a-f]{16}\.\w+ cannot be (written|made): the disk is full \(ENOSPC\)$/m);
  expect(stderr).toMatch(/^next: +free some space, or .*export CONNECT_TUNNELS_DIR=/m);
  expect(world.aws.calls.of('StartSession')).toEqual([]);
  expect(readdirSync(disk.path)).toEqual(['filling']);
});

onSmallDisk('a tunnel that is open goes on while the disk is full, and what its files say is made good when there is room', async (world, disk, environment) => {
  const { port, pid, sessionId } = await world.open('ahbodedb --port 0', { environment });
  disk.fill();
  const session = await changeSession(world, port, environment);
  expect(session).not.toBe(sessionId);
  // Longer than a worker lives whose files do not name it.
  await expect(eventually(() => isRunning(pid), (running) => !running, 6)).rejects.toThrow('not within');
  expect(await world.query(port)).toBe(42);
  expect(metaOn(disk).worker.pid).toBe(pid);
  expect((await world.connect('status ahbodedb', { environment })).exit).toBe(0);
  expect((await world.connect('ahbodedb --port 0 --json', { environment })).json).toMatchObject({ reused: true, pid });
  disk.free();
  await eventually(() => metaOn(disk).sessionIds, (ids) => ids.includes(session));
  expect((await world.connect('close --all', { environment })).exit).toBe(0);
  expect(readdirSync(disk.path).filter((name) => name !== 'last-ports.json')).toEqual([]);
});

onSmallDisk('a tunnel can be closed while the disk is full', async (world, disk, environment) => {
  const { pid } = await world.open('ahbodedb --port 0', { environment });
  disk.fill();
  expect((await world.connect('close ahbodedb', { environment })).exit).toBe(0);
  expect(await isRunning(pid)).toBe(false);
});

onSmallDisk('a disk that becomes read-only lets a tunnel go on and be closed, and no other start', async (world, disk, environment) => {
  const { port, pid } = await world.open('ahbodedb --port 0', { environment });
  disk.makeReadOnly();
  await changeSession(world, port, environment);
  expect((await world.connect('list', { environment })).stdout).toContain(String(port));
  const { stderr } = await world.connect('close ahbodedb', { environment });
  expect(stderr).toMatch(/cannot be removed: the disk is read-only \(EROFS\)/);
  await eventually(() => isRunning(pid), (running) => !running);
  const { exit, stderr: refusal } = await world.connect('ahbodedb --port 0', { environment });
  expect({ exit, refusal }).toEqual({ exit: 2, refusal: expect.stringContaining('the disk is read-only (EROFS)') });
  disk.makeWritable();
  for (const name of readdirSync(disk.path)) rmSync(join(disk.path, name));
});
