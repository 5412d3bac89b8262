import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askWorker } from '../../../src/tunnel/control/client';
import type { ControlRequest, WorkerStatus } from '../../../src/tunnel/control/protocol';
import { ControlServer } from '../../../src/tunnel/control/server';

const STATUS: WorkerStatus = { phase: 'open', sessionId: 's-1', connections: 2 };

let folder: string;
let path: string;
let server: ControlServer;
let asked: ControlRequest[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-control-'));
  path = join(folder, 'a.sock');
  asked = [];
  server = new ControlServer(path, async (request) => {
    asked.push(request);
    return STATUS;
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('answers with the status, for our eyes only', async () => {
  await server.listen();
  expect(await askWorker(path, { op: 'status' })).toEqual(STATUS);
  expect(asked).toEqual([{ op: 'status' }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('can be opened again after its file was taken away', async () => {
  await server.listen();
  rmSync(path);
  expect(await askWorker(path, { op: 'status' })).toBeUndefined();
  await server.listen();
  expect(await askWorker(path, { op: 'status' })).toEqual(STATUS);
});

test('takes over the file of a server that died', async () => {
  const dead = new ControlServer(path, async () => STATUS);
  await dead.listen();
  await server.listen();
  expect(await askWorker(path, { op: 'close' })).toEqual(STATUS);
  expect(asked).toEqual([{ op: 'close' }]);
  await dead.close();
});

test.each(['not json\n', `${'x'.repeat(100_000)}`, ''])('survives a client that says %#', async (words) => {
  await server.listen();
  const rude = connect(path).on('error', () => undefined);
  rude.end(words);
  await new Promise((resolve) => rude.on('close', resolve).resume());
  expect(await askWorker(path, { op: 'status' })).toEqual(STATUS);
});

test('gives up on a worker that does not answer in time', async () => {
  await server.close();
  server = new ControlServer(path, async () => new Promise(() => undefined));
  await server.listen();
  expect(await askWorker(path, { op: 'status' }, 50)).toBeUndefined();
});

test('takes its file away when it closes', async () => {
  await server.listen();
  await server.close();
  expect(existsSync(path)).toBe(false);
});
