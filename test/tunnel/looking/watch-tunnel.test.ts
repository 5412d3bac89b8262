import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveTunnel } from '../../../src/tunnel';
import type { WorkerStatus } from '../../../src/tunnel/control/protocol';
import { readLine } from '../../../src/tunnel/control/read-line';
import { ControlServer } from '../../../src/tunnel/control/server';
import { watchTunnel } from '../../../src/tunnel/looking/watch-tunnel';
import { openStore, type Store } from '../../../src/tunnel/store';
import { eventually } from '../../support/eventually';
import { someMeta } from '../some-meta';

const HASH = '0123456789abcdef';
const STATUS: WorkerStatus = { phase: 'open', sessions: [], traffic: { in: 0, out: 0 }, reconnects: 0, connections: 0 };
const TUNNEL = { port: 15432, pid: process.pid };

let folder: string;
let store: Store;
let now: WorkerStatus;
let server: ControlServer;
let heard: LiveTunnel[];
let stop: AbortController;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connect-watch-'));
  process.env.CONNECT_TUNNELS_DIR = folder;
  store = await openStore();
  [now, heard, stop] = [STATUS, [], new AbortController()];
  server = new ControlServer(store.pathsOf(HASH).sock, { answer: async () => now, held: () => now });
  store.write(HASH, process.pid, someMeta());
  await server.listen();
});
afterEach(async () => {
  stop.abort();
  await server.close();
  delete process.env.CONNECT_TUNNELS_DIR;
  rmSync(folder, { recursive: true, force: true });
});

const watch = () => watchTunnel(TUNNEL, (live) => heard.push(live), stop.signal);

test('is told how it is, and what changes, but not that bytes are carried', async () => {
  const end = watch();
  await eventually(() => heard.length, (count) => count === 1);
  now = { ...now, traffic: { in: 1, out: 1 }, connections: 1 };
  await server.changed();
  now = { ...now, reconnects: 1 };
  await eventually(() => heard.length, (count) => count === 2);
  expect(heard).toMatchObject([{ reconnects: 0, connections: 0 }, { reconnects: 1, connections: 1 }]);
  stop.abort();
  expect(await end).toEqual({ isReplaced: false });
});

test('a worker whose channel is opened again goes on being watched', async () => {
  const end = watch();
  await eventually(() => heard.length, (count) => count === 1);
  await server.listen();
  now = { ...now, reconnects: 1 };
  await eventually(() => heard.at(-1)!.reconnects, (count) => count === 1);
  stop.abort();
  expect(await end).toEqual({ isReplaced: false });
});

test('a worker of the release before is asked again and again', async () => {
  await server.close();
  const before = createServer((socket) => void readLine(socket).then((line) =>
    socket.end(`${JSON.stringify(line.includes('watch') ? { error: '"watch" is nothing that a worker does' } : { status: now })}\n`)));
  await once(before.listen(store.pathsOf(HASH).sock), 'listening');
  const end = watch();
  await eventually(() => heard.length, (count) => count === 2);
  stop.abort();
  expect(await end).toEqual({ isReplaced: false });
  before.close();
});

test('a tunnel that closes says why, and has ended when three looks do not find it', async () => {
  const end = watch();
  await eventually(() => heard.length, (count) => count === 1);
  now = { ...now, phase: 'closing', ending: 'asked to' };
  await server.changed();
  store.remove(HASH);
  await server.close();
  expect(await end).toEqual({ isReplaced: false, reason: 'asked to' });
  expect(heard).toHaveLength(1);
});

test('another worker on its port means that it has ended', async () => {
  store.write(HASH, process.pid, someMeta());
  expect(await watchTunnel({ ...TUNNEL, pid: 1 }, () => undefined, stop.signal)).toEqual({ isReplaced: true });
});

test('a worker that is no more has ended at once', async () => {
  store.remove(HASH);
  store.write(HASH, process.pid, someMeta({ worker: { ...someMeta().worker, startedAt: 'another' } }));
  expect(await watch()).toEqual({ isReplaced: false });
});
