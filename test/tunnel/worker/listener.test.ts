import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Listener } from '../../../src/tunnel/worker/listener';

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

async function listenOn(port: number, accept: (socket: Socket) => void = () => undefined): Promise<Listener> {
  const listener = new Listener(port, accept);
  opened.push(listener);
  await listener.listen();
  return listener;
}

test.each(['127.0.0.1', '::1'])('takes connections on %s, paused and half-open', async (host) => {
  const port = await freePort();
  let accept: (socket: Socket) => void;
  const accepted = new Promise<Socket>((resolve) => { accept = resolve; });
  await listenOn(port, (socket) => accept(socket));
  connect(port, host).unref();
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
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  const closed = once(client, 'close');
  client.resume();
  await listener.close();
  await closed;
  expect(listener.connections).toBe(0);
});
