import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Door, Listener } from '../../../src/tunnel/worker/listener';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function occupy(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  opened.push(server);
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await occupy('127.0.0.1');
  server.close();
  await once(server, 'close');
  return port;
}

/** A door that is open to all. */
const OPEN: Door = { start: () => undefined, admits: async () => true };

async function listenOn(port: number, accept: (socket: Socket) => void = () => undefined, door = OPEN): Promise<Listener> {
  const listener = new Listener(port, door, accept);
  opened.push(listener);
  await listener.listen();
  return listener;
}

/** Somebody to whom it may happen that the connection is reset. */
function clientOf(port: number, host = '127.0.0.1'): Socket {
  return connect(port, host).on('error', () => undefined);
}

test.each(['127.0.0.1', '::1'])('takes connections on %s, paused and half-open', async (host) => {
  const port = await freePort();
  let accept: (socket: Socket) => void;
  const accepted = new Promise<Socket>((resolve) => { accept = resolve; });
  await listenOn(port, (socket) => accept(socket));
  clientOf(port, host).unref();
  const socket = await accepted;
  expect(socket.allowHalfOpen).toBe(true);
  expect(socket.isPaused() || socket.readableFlowing === null).toBe(true);
});

test.each(['127.0.0.1', '::1'])('fails when the port is taken on %s, and holds nothing then', async (host) => {
  const { port } = await occupy(host);
  await expect(listenOn(port)).rejects.toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(String(port)) });
  const other = host === '::1' ? '127.0.0.1' : '::1';
  const probe = createServer().listen(port, other);
  opened.push(probe);
  await once(probe, 'listening');
});

test('cuts what is left when it closes', async () => {
  const port = await freePort();
  const listener = await listenOn(port);
  const client = clientOf(port);
  await once(client, 'connect');
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.resume();
  await listener.close();
  await closed;
  expect(listener.connections).toBe(0);
});

test('cuts one that has its whole answer and does not read it, too', async () => {
  const port = await freePort();
  let accept: (socket: Socket) => void;
  const accepted = new Promise<Socket>((resolve) => { accept = resolve; });
  const listener = await listenOn(port, (socket) => accept(socket));
  const client = clientOf(port).pause();
  // More than the kernel keeps for a peer that does not read.
  (await accepted).end(Buffer.alloc(32 * 1024 * 1024));
  await listener.close();
  client.destroy();
});

test('resets who does not come in, and has read nothing of what was said before', async () => {
  const port = await freePort();
  let read: number | undefined;
  const listener = await listenOn(port, () => { throw new Error('it came in'); }, {
    start: () => undefined,
    admits: async (socket) => {
      await new Promise((resolve) => { setImmediate(resolve); });
      read = socket.bytesRead;
      return false;
    },
  });
  const client = connect(port, '127.0.0.1');
  client.write('FLUSHALL\r\n');
  const [error] = await once(client, 'error');
  expect({ code: error.code, read }).toEqual({ code: 'ECONNRESET', read: 0 });
  await listener.close();
  expect(listener.connections).toBe(0);
});

test('asks at the door from the first connection on', async () => {
  const seen: string[] = [];
  const port = await freePort();
  let accepted!: () => void;
  const accept = new Promise<void>((resolve) => { accepted = resolve; });
  await listenOn(port, () => accepted(), { start: () => seen.push('start'), admits: async () => seen.push('admits') > 0 });
  clientOf(port).unref();
  await accept;
  expect(seen).toEqual(['start', 'admits']);
});
