import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askWorker } from '../../../src/tunnel/control/client';
import { holdTunnel } from '../../../src/tunnel/control/hold';
import type { ControlRequest, WorkerStatus } from '../../../src/tunnel/control/protocol';
import { readLine } from '../../../src/tunnel/control/read-line';
import { type ControlHandler, ControlServer } from '../../../src/tunnel/control/server';
import { viewOf } from '../../../src/tunnel/view';
import { eventually } from '../../support/eventually';
import { someMeta } from '../some-meta';
import { TARGET } from '../some-target';

const STATUS: WorkerStatus = { phase: 'open', sessions: [], traffic: { in: 0, out: 0 }, reconnects: 0, connections: 2 };

let folder: string;
let path: string;
let server: ControlServer;
let asked: ControlRequest[];
/** Who began to hold the tunnel, and who ceased to. */
let held: string[];
const serverOf = (answer: ControlHandler['answer']): ControlServer => new ControlServer(path, {
  answer,
  held({ thenClose = false }, isOver) {
    held.push(`${isOver ? 'over' : 'begins'}${thenClose ? ', then close' : ''}`);
    return { ...STATUS, phase: isOver && thenClose ? 'closing' : 'open' };
  },
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-control-'));
  path = join(folder, 'a.sock');
  asked = [];
  held = [];
  server = serverOf(async (request) => {
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
  const dead = serverOf(async () => STATUS);
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

const TARGETED = { op: 'use', target: TARGET } as const;
const CALLER = { profile: 'dev', environment: { AWS_ACCESS_KEY_ID: 'AKIA1' } };

test.each<ControlRequest>([
  TARGETED,
  { ...TARGETED, caller: CALLER, lanes: 16, packetsPerSecond: 0, shared: true },
  { ...TARGETED, caller: { environment: {} }, lanes: 1 },
  { op: 'close', drain: 86_400_000 },
  { op: 'listen', socket: '/run/db.sock' },
])('takes what is in order, also from the release before: %j', async (request) => {
  await server.listen();
  expect(await askWorker(path, request)).toEqual(STATUS);
  expect(asked).toEqual([request]);
});

const WRONG: readonly (readonly [values: object, what: string])[] = [
  [{ target: undefined }, 'target'],
  [{ target: { ...TARGET, port: '5432' } }, 'target.port'],
  [{ target: { ...TARGET, bastion: { exid: 'main', instanceId: 7 } } }, 'target.bastion.instanceId'],
  [{ lanes: 0 }, 'lanes'],
  [{ lanes: 17 }, 'lanes'],
  [{ lanes: '4' }, 'lanes'],
  [{ packetsPerSecond: -1 }, 'packetsPerSecond'],
  [{ packetsPerSecond: 0.5 }, 'packetsPerSecond'],
  [{ shared: 'yes' }, 'shared'],
  [{ caller: {} }, 'caller'],
  [{ caller: { environment: { AWS_ACCESS_KEY_ID: 1 } } }, 'caller'],
  [{ caller: { environment: ['AKIA1'] } }, 'caller'],
];

test.each<readonly [line: string, error: string]>([
  ['null', 'the request is no JSON object'],
  ['AKIA1 is no JSON', 'the request is no JSON object'],
  ['{"op":"toString"}', '"toString" is nothing that a worker does'],
  ['{"op":["use"]}', '["use"] is nothing that a worker does'],
  ...WRONG.map(([values, what]): [string, string] => [JSON.stringify({ ...TARGETED, ...values }), `the request's "${what}" is not as it should be`]),
])('%s is answered with an error, and changes nothing', async (line, error) => {
  await server.listen();
  const socket = connect(path);
  const answer = readLine(socket);
  socket.write(`${line}\n`);
  expect(JSON.parse(await answer)).toEqual({ error });
  socket.destroy();
  expect(asked).toEqual([]);
});

test('a worker of the release before says less of itself', async () => {
  const before = { phase: 'open', sessionId: 's-1', connections: 0, lastError: 'over' };
  server = serverOf(async () => before as unknown as WorkerStatus);
  await server.listen();
  const status = await askWorker(path, { op: 'status' });
  expect(status).toEqual({ ...before, sessions: [] });
  expect(viewOf(someMeta(), status)).toMatchObject({ status: 'OPEN', sessionId: 's-1', connections: 0, sessions: [] });
});

test('gives up on a worker that does not answer in time', async () => {
  await server.close();
  server = serverOf(async () => new Promise(() => undefined));
  await server.listen();
  expect(await askWorker(path, { op: 'status' }, 50)).toBeUndefined();
});

test('takes its file away when it closes', async () => {
  await server.listen();
  await server.close();
  expect(existsSync(path)).toBe(false);
});

test('a hold lasts until it is released, which the worker answers', async () => {
  await server.listen();
  const hold = await holdTunnel(path, { thenClose: true });
  expect(held).toEqual(['begins, then close']);
  expect(await askWorker(path, { op: 'status' })).toEqual(STATUS);
  expect(await hold!.release()).toMatchObject({ phase: 'closing' });
  expect(held).toEqual(['begins, then close', 'over, then close']);
});

test('a hold of a tunnel that was closed meanwhile is released all the same', async () => {
  await server.listen();
  const hold = await holdTunnel(path, { thenClose: true });
  await server.close();
  await eventually(() => held, ({ length }) => length === 2);
  expect(await hold!.release()).toBeUndefined();
});

test('a hold ends with the process that has it, and outlasts a new socket file', async () => {
  await server.listen();
  const hold = await holdTunnel(path, { thenClose: false });
  rmSync(path);
  await server.listen();
  await askWorker(path, { op: 'status' });
  expect(held).toEqual(['begins']);
  hold!.drop();
  await eventually(() => held, ({ length }) => length === 2);
  expect(held).toEqual(['begins', 'over']);
});

test('a worker of the release before knows of no hold: there is none', async () => {
  const before = createServer((socket) => void socket.end('{"error":"\\"hold\\" is nothing that a worker does"}\n'));
  await once(before.listen(path), 'listening');
  expect(await holdTunnel(path, { thenClose: true })).toBeUndefined();
  before.close();
});
