import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually } from '../support/eventually';
import { isRunning } from '../support/marked-processes';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** What a query through the socket in a folder answers, as libpq finds it. */
async function queryIn(folder: string, port: number, { postgres: { user, password, database } }: World): Promise<unknown> {
  const client = new Client({ host: folder, port, user, password, database });
  await client.connect();
  const { rows } = await client.query('select 6 * 7 as answer');
  await client.end();
  return rows[0].answer;
}

scenario('--unix-socket: PostgreSQL finds it in a folder, it is for our eyes only, is added to an open tunnel, and goes with it', async (world) => {
  const folder = join(world.home, 'sockets');
  mkdirSync(folder, { mode: 0o700 });
  const { port, pid, unixSockets } = await world.open(`ahbodedb --port 0 --unix-socket ${folder}`);
  const path = join(folder, `.s.PGSQL.${port}`);
  expect(unixSockets).toEqual([path]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await queryIn(folder, port, world)).toBe(42);
  expect(await world.query(port)).toBe(42);

  const other = join(world.home, 'other.sock');
  expect(await world.open(`ahbodedb --unix-socket ${other}`)).toMatchObject({ pid, reused: true, unixSockets: [path, other] });
  expect(await world.open(`ahbodedb --unix-socket ${other}`)).toMatchObject({ pid, unixSockets: [path, other] });
  expect((await world.connect('status ahbodedb')).stdout).toContain(`  socket       ${other}\n`);
  await world.closeAll();
  expect([readdirSync(folder), existsSync(other)]).toEqual([[], false]);
  rmSync(folder, { recursive: true });
});

scenario('the socket of a worker that was killed is taken away by `close`, and by the next `connect`, which may have it', async (world) => {
  const path = join(world.home, 'db.sock');
  const kill = async (): Promise<void> => {
    const { pid } = await world.open('ahbodedb --port 0', { environment: { CONNECT_UNIX_SOCKET: path } });
    process.kill(pid, 'SIGKILL');
    await eventually(async () => isRunning(pid), (running) => !running);
    expect(lstatSync(path).isSocket()).toBe(true);
  };
  await kill();
  await world.closeAll();
  expect(existsSync(path)).toBe(false);
  await kill();
  expect(await world.open(`ahbodedb --port 0 --unix-socket ${path}`)).toMatchObject({ reused: false, unixSockets: [path] });
  await world.closeAll();
});

scenario('what is in the place of the socket, or in its way, is refused before anything is asked, and left as it is', async (world) => {
  const { home, aws, connect } = world;
  const [file, taken, open] = [join(home, 'file'), join(home, 'taken'), join(home, 'open')];
  writeFileSync(file, 'precious');
  const stranger = createServer().listen(taken);
  await once(stranger, 'listening');
  mkdirSync(open);
  chmodSync(open, 0o777);
  for (const [path, exit, words] of [
    [file, 2, 'is no socket'],
    [taken, 4, 'taken by another program'],
    [join(home, 'x'.repeat(100)), 2, 'too long'],
    [join(home, 'nowhere', 'a.sock'), 2, 'is not there'],
    [join(open, 'a.sock'), 2, 'can be changed by others'],
  ] as const) {
    const refused = await connect(['ahbodedb', '--port', '0', '--unix-socket', path, '--json']);
    expect(refused).toMatchObject({ exit, json: { error: { message: expect.stringContaining(words), next: expect.any(String) } } });
  }
  expect(aws.calls.all()).toEqual([]);
  expect([lstatSync(file).isFile(), lstatSync(taken).isSocket()]).toEqual([true, true]);
  stranger.close();
  rmSync(home, { recursive: true });
  mkdirSync(home);
});
