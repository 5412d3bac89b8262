import dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { UpgradeRefused } from '../../../src/session/connection/upgrade-refused';
import { ChannelWebSocket } from '../../../src/session/connection/web-socket';
import { reasonOf } from '../../../src/text';

const HANDLERS = { frame: () => {}, drained: () => {}, lost: () => {} };

afterEach(() => jest.restoreAllMocks());

/** What Node throws is, under jest, of another realm: it has to be made an error of this one. */
async function failureAt(url: string): Promise<string> {
  return ChannelWebSocket.connect({ url: new URL(url), headers: {} }, 'the token', HANDLERS)
    .then(() => 'none', ({ message, code }) => reasonOf(Object.assign(new Error(message), { code })));
}

test.each([
  [undefined, 0], ['0', 0], ['7', 7_000], ['-7', 0], ['soon', 0], ['Sat, 21 Nov 2026 09:00:30 GMT', 30_000], ['Sat, 21 Nov 2026 08:00:00 GMT', 0],
])('reads how long to stay away: %s is %i ms', (header, milliseconds) => {
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-11-21T09:00:00Z'));
  const refused = new UpgradeRefused({ statusCode: 503, statusMessage: 'Busy\u001b[2J', headers: { 'retry-after': header } });
  expect(refused.retryAfter).toBe(milliseconds);
  expect(refused.message).toBe('the service refused the connection (503 Busy [2J)');
});

test('says what failed when the far end does not speak TLS', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\n\r\n'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  expect(await failureAt(`wss://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatch(/SSL|TLS|EPROTO|wrong version/i);
  server.close();
});

test('says what failed when there is no such host', async () => {
  const lookup = jest.spyOn(dns, 'lookup') as unknown as jest.SpyInstance;
  lookup.mockImplementation((host: string, _options: object, callback: (error: Error) => void) => callback(new Error(`getaddrinfo ENOTFOUND ${host}`)));
  expect(await failureAt('wss://ssmmessages.us-east-1.amazonaws.com')).toBe('getaddrinfo ENOTFOUND ssmmessages.us-east-1.amazonaws.com');
});

test('says what failed when none of the addresses of a host answers', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const lookup = jest.spyOn(dns, 'lookup') as unknown as jest.SpyInstance;
  const addresses = [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }];
  lookup.mockImplementation((_host: string, _options: object, callback: (error: null, found: object[]) => void) => callback(null, addresses));
  expect(await failureAt(`ws://two-addresses:${port}`)).toBe('ECONNREFUSED');
});
