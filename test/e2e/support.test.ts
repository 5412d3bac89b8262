import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { MARKER_VARIABLE } from '../support/marked-processes';
import { type Postgres } from '../support/postgres';
import { World } from './support/world';

/** No query is made here: the checks themselves are what is tested. */
const NO_DATABASE = { host: '127.0.0.1', port: 1 } as Postgres;

let world: World;
beforeEach(async () => { world = await World.create(NO_DATABASE); });

test('a world in which nothing happened is clean', async () => {
  expect(await world.end(0)).toEqual([]);
});

test('fails when a process is left, with the port it listens on', async () => {
  const program = 'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port) })';
  const child = spawn(process.execPath, ['-e', program], { env: { [MARKER_VARIABLE]: world.marker }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  const exited = once(child, 'exit');
  expect(await world.end(0)).toEqual([expect.stringMatching(new RegExp(`^process ${child.pid}: .*, listening on ${Number(port)}$`, 's'))]);
  expect((await exited)[1]).toBe('SIGKILL');
});

test('fails when a port that a tunnel had is still listened on, by whomever', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  world.ports.add(port);
  expect(await world.end(0)).toEqual([`port ${port} is listened on`]);
  server.close();
});

test('fails when a file is left in the tunnels folder, but for the ports to use again', async () => {
  await world.connect('list');
  await writeFile(join(world.tunnels, 'last-ports.json'), '{}');
  await writeFile(join(world.tunnels, '0123456789abcdef.pid'), '1');
  expect(await world.end(0)).toEqual(['file in HOME: .declastruct/tunnels/0123456789abcdef.pid']);
});

test('fails when a file is left in the temporary folder', async () => {
  await writeFile(join(world.temporary, 'x.sock'), '');
  expect(await world.end(0)).toEqual(['file in TMPDIR: x.sock']);
});

test('fails when a session is left open', async () => {
  const { id } = world.aws.sessions.add({
    ...world.aws.home, sessionName: 'alice', target: 'i-0abc', documentName: 'x', owner: 'alice', properties: { host: 'x', portNumber: '1', localPortNumber: '0', type: 'LocalPortForwarding' },
  });
  expect(await world.end(0)).toEqual([`session ${id}`]);
});

test('fails when a secret is in an output', async () => {
  await world.connect('status ahbodedb', { environment: { CONNECT_PORT: world.aws.environment.AWS_SECRET_ACCESS_KEY } });
  expect(await world.end(0)).toEqual([expect.stringMatching(/^a secret \(.{4}\.\.\.\) in stderr$/)]);
});

test('fails when a secret is in an argument list', async () => {
  const token = world.aws.secrets.make(32);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', token], { env: { [MARKER_VARIABLE]: world.marker } });
  await once(child, 'spawn');
  await world.canaries.look();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  expect(await world.end(0)).toEqual([expect.stringMatching(/^a secret \(.{4}\.\.\.\) in the arguments of /)]);
});

test('fails when a secret is in a file, or in its name', async () => {
  const secret = world.aws.secrets.make(32);
  await writeFile(join(world.temporary, secret), `token=${secret}`);
  const seen = await world.end(0);
  expect(seen).toContainEqual(expect.stringMatching(/^a secret .* in the name of a file$/));
  expect(seen).toContainEqual(expect.stringMatching(/^a secret .* in \/.*\/tmp\//));
});

test('a secret of a session counts from the moment it is made', async () => {
  const path = join(world.temporary, 'log');
  const later = 'made-later-'.padEnd(40, 'x');
  await writeFile(path, later);
  await world.canaries.look();
  world.aws.secrets.keep(later);
  expect(await world.end(0)).toContainEqual(expect.stringContaining(path));
});
