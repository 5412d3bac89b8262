import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { isRunning } from '../support/marked-processes';
import { BIN } from './support/connect';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const filesOf = (world: World, ending = /\.(pid|meta)$/): string[] =>
  readdirSync(world.tunnels).filter((name) => ending.test(name)).map((name) => join(world.tunnels, name)).sort();

scenario('files are for their owner\'s eyes only, and hold the pid in digits and the tunnel as JSON', async (world) => {
  const { pid, port } = await world.open();
  const [meta, pidfile] = filesOf(world);
  expect(readFileSync(pidfile!, 'utf8')).toBe(String(pid));
  expect(JSON.parse(readFileSync(meta!, 'utf8'))).toMatchObject({ version: 1, name: 'ahbodedb', role: 'writer', port });
  expect(statSync(world.tunnels).mode & 0o777).toBe(0o700);
  for (const path of filesOf(world, /\.(pid|meta|log)$/)) expect({ path, mode: statSync(path).mode & 0o777 }).toEqual({ path, mode: 0o600 });
  await world.closeAll();
});

/** What somebody may do to the files of a living worker. */
const DAMAGES: Readonly<Record<string, (world: World) => void>> = {
  'deleted': (world) => { for (const path of filesOf(world, /./)) rmSync(path); },
  'replaced by garbage': (world) => { for (const path of filesOf(world)) writeFileSync(path, 'garbage'); },
  'truncated': (world) => { for (const path of filesOf(world)) writeFileSync(path, ''); },
  'replaced by a file where the socket was': (world) => {
    const [sock] = filesOf(world, /\.sock$/);
    rmSync(sock!);
    writeFileSync(sock!, 'garbage');
  },
};

scenario('files deleted with their folder under a live worker: it ends itself within 5 s, and is left in peace to do so', async (world) => {
  const { pid, port } = await world.open();
  rmSync(world.tunnels, { recursive: true });
  await eventually(() => isRunning(pid), (running) => !running, 6);
  await expect(world.query(port)).rejects.toThrow('ECONNREFUSED');
});

for (const [what, damage] of Object.entries(DAMAGES)) {
  scenario(`files ${what} under a live worker: it puts them back or ends itself, within 5 s`, async (world) => {
    const { pid, port } = await world.open();
    damage(world);
    const isMended = async (): Promise<boolean> => {
      const { json } = await world.connect('status ahbodedb --json');
      return json.tunnels.some((tunnel: { pid: number }) => tunnel.pid === pid) || !await isRunning(pid);
    };
    await eventually(isMended, (mended) => mended, 6);
    if (await isRunning(pid)) expect(await world.query(port)).toBe(42);
    await world.closeAll();
    await world.nothingLeft(6);
  });
}

/** What may be found in the place of files whose worker is dead. */
const ROTTEN: Readonly<Record<string, (path: string, text: string) => void>> = {
  'empty': (path) => writeFileSync(path, ''),
  'garbage': (path) => writeFileSync(path, '\u0000\u0001 garbage {'),
  'truncated': (path, text) => writeFileSync(path, path.endsWith('.pid') ? '' : text.slice(0, text.length / 2)),
  'a folder': (path) => { rmSync(path); mkdirSync(path); },
  'a link': (path) => { renameSync(path, `${path}.moved`); symlinkSync(`${path}.moved`, path); },
};

for (const [what, rot] of Object.entries(ROTTEN)) {
  scenario(`a dead worker's pidfile and meta are ${what}: as good as absent, cleaned, said under --verbose`, async (world) => {
    const { pid } = await world.open();
    process.kill(pid, 'SIGKILL');
    await eventually(async () => isRunning(pid), (running) => !running, 2);
    for (const path of filesOf(world)) rot(path, readFileSync(path, 'utf8'));
    expect((await world.connect('status ahbodedb')).exit).toBe(9);
    const { exit, stdout, stderr } = await world.connect('ahbodedb --port 0 --verbose');
    expect(exit).toBe(0);
    expect(stderr).toMatch(/\.(meta|pid)/);
    expect(await world.query(Number(stdout.split(':')[1]))).toBe(42);
    await world.closeAll();
    // The session of the dead worker was only named in its files.
    for (const { id } of world.aws.sessions.open()) world.aws.gateway.terminate(id);
    await world.nothingLeft();
  });
}

scenario('a meta file of a newer version is treated as absent', async (world) => {
  const { pid } = await world.open();
  process.kill(pid, 'SIGKILL');
  const [meta] = filesOf(world, /\.meta$/);
  writeFileSync(meta!, JSON.stringify({ ...JSON.parse(readFileSync(meta!, 'utf8')), version: 99 }));
  expect((await world.connect('status ahbodedb')).exit).toBe(9);
  const { stderr } = await world.connect('ahbodedb --port 0 --verbose');
  expect(stderr).toContain('version 99');
  await world.closeAll();
  for (const { id } of world.aws.sessions.open()) world.aws.gateway.terminate(id);
});

/** Only root can give a folder away. */
const asRoot = process.getuid?.() === 0 ? test : test.skip as typeof test;

/** A process in a namespace of its own sees no other, as in a container that shares only the folder. */
const UNSHARE = ['--pid', '--fork', '--mount-proc'];
const inContainer = spawnSync('unshare', [...UNSHARE, 'true']).status === 0 ? test : test.skip as typeof test;

scenario('a tunnel of another container that shares the folder is neither used nor touched', async (world) => {
  const { port, sessionId } = await world.open();
  const { exit, stderr } = await world.watch(world.start([...UNSHARE, BIN, 'ahbodedb', '--port', '0'], { bin: 'unshare' }));
  expect(exit).toBe(4);
  expect(stderr).toContain('open in another container');
  expect(stderr).toContain('CONNECT_TUNNELS_DIR');
  expect(await world.query(port)).toBe(42);
  expect(world.aws.sessions.open().map(({ id }) => id)).toEqual([sessionId]);
  await world.closeAll();
}, { run: inContainer });

/** Folders that are not safe to keep tunnels in, and what is said to type. */
const UNSAFE: Readonly<Record<string, [spoil: (path: string) => void, says: string]>> = {
  'open to others': [(path) => { mkdirSync(path, { recursive: true }); chmodSync(path, 0o755); }, 'chmod 700'],
  'a link': [(path) => { mkdirSync(`${path}.real`, { recursive: true, mode: 0o700 }); symlinkSync(`${path}.real`, path); }, 'mkdir -m 700'],
  'not ours': [(path) => { mkdirSync(path, { mode: 0o700 }); chownSync(path, 1, 1); }, 'chown'],
  'a file': [(path) => { mkdirSync(join(path, '..'), { recursive: true }); writeFileSync(path, ''); }, 'CONNECT_TUNNELS_DIR'],
};

for (const [what, [spoil, says]] of Object.entries(UNSAFE)) {
  scenario(`a tunnels folder that is ${what} is refused, with what to type`, async ({ connect, aws, home }) => {
    const folder = join(home, 'unsafe');
    spoil(folder);
    const { exit, stderr } = await connect('ahbodedb --port 0', { environment: { CONNECT_TUNNELS_DIR: folder } });
    expect(exit).toBe(2);
    expect(stderr).toMatch(new RegExp(`^next: .*${says}`, 'm'));
    expect(aws.calls.of('StartSession')).toEqual([]);
    for (const name of readdirSync(home).filter((each) => each.startsWith('unsafe'))) rmSync(join(home, name), { recursive: true });
  }, { run: what === 'not ours' ? asRoot : test });
}

scenario('CONNECT_TUNNELS_DIR says where tunnels are kept', async ({ open, connect, home }) => {
  const environment = { CONNECT_TUNNELS_DIR: join(home, 'elsewhere') };
  const { pid } = await open('ahbodedb --port 0', { environment });
  expect((await connect('list --json')).json).toEqual([]);
  expect((await connect('list --json', { environment })).json).toMatchObject([{ pid }]);
  await connect('close --all', { environment });
  rmSync(environment.CONNECT_TUNNELS_DIR, { recursive: true });
});
