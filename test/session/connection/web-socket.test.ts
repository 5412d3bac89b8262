import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { ChannelWebSocket } from '../../../src/session/connection/web-socket';

let server: WebSocketServer;

async function connected(options: ServerOptions = {}) {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
  await once(server, 'listening');
  const welcome = once(server, 'connection');
  const received: string[] = [];
  server.on('connection', (socket) => socket.on('message', (data, isBinary) => received.push(`${isBinary ? 'binary' : 'text'} ${data.toString()}`)));
  let reportLoss!: (reason: string) => void;
  const lost = new Promise<string>((resolve) => { reportLoss = resolve; });
  const url = new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/channel`);
  const said: string[] = [];
  const channel = await ChannelWebSocket.connect({ url, headers: { 'x-test': 'yes' } }, 'the token', {
    frame: () => {},
    drained: () => {},
    hungUp: () => said.push('hung up'),
    lost: (reason) => {
      said.push('lost');
      reportLoss(reason);
    },
  });
  const [far, request] = await welcome as [WebSocket, { headers: Record<string, string> }];
  return { channel, far, request, received, lost, said };
}

/** Only the heartbeat is on a faked clock: the network is not. */
function fakeHeartbeat(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance', 'Date'] });
}

afterEach(async () => {
  jest.useRealTimers();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

test('sends the headers it is given and its textual frame first, and negotiates no compression', async () => {
  const { channel, far, request, received } = await connected({ perMessageDeflate: true });
  channel.send(Buffer.from('a frame'));
  channel.send(Buffer.from('another'));
  while (received.length < 3) await once(far, 'message');
  expect(received).toEqual(['text the token', 'binary a frame', 'binary another']);
  expect(request.headers['x-test']).toBe('yes');
  expect(request.headers).not.toHaveProperty('sec-websocket-extensions');
});

test('a far end that falls silent is noticed within 30 seconds', async () => {
  fakeHeartbeat();
  const { lost } = await connected({ autoPong: false });
  jest.advanceTimersByTime(30_000);
  expect(await lost).toBe('the service does not answer');
});

test('a far end that answers pings is kept', async () => {
  fakeHeartbeat();
  const { far, channel } = await connected();
  for (let pings = 0; pings < 5; pings++) {
    const pinged = once(far, 'ping');
    jest.advanceTimersByTime(20_000);
    await pinged;
    // Our answer to its ping comes after its answer to ours has come.
    far.ping();
    await once(far, 'pong');
  }
  expect(channel.isReady).toBe(true);
});

test('one that does not read on purpose is not taken for dead', async () => {
  fakeHeartbeat();
  const { channel } = await connected({ autoPong: false });
  channel.pause();
  jest.advanceTimersByTime(120_000);
  expect(channel.isReady).toBe(true);
});

test.each([
  ['closed', (far: WebSocket) => far.close(1000, 'Bye\u0007'), 'the service closed the connection (1000 Bye)', ['hung up', 'lost']],
  ['cut', (far: WebSocket) => far.terminate(), 'the service closed the connection (1006 )', ['lost']],
])('says how it was lost: %s', async (_, end, reason, inOrder) => {
  const { far, lost, said } = await connected();
  end(far);
  expect(await lost).toBe(reason);
  expect(said).toEqual(inOrder);
});

test('closing is no loss, and does not wait for ever', async () => {
  const { channel, far, lost } = await connected();
  far.pause();
  await channel.close(50);
  expect(await Promise.race([lost, 'nothing was lost'])).toBe('nothing was lost');
});

test.each([401, 403, 503])('fails when the upgrade is refused with %i', async (status) => {
  await expect(connected({ verifyClient: (_info, answer) => answer(false, status) })).rejects.toThrow(`${status}`);
});

test('fails when nobody listens', async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const handlers = { frame: () => {}, drained: () => {}, lost: () => {} };
  await expect(ChannelWebSocket.connect({ url: new URL(`ws://127.0.0.1:${port}`), headers: {} }, 'x', handlers)).rejects.toThrow('ECONNREFUSED');
});
