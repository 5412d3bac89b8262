import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../src/session/wire/message';
import { readLine } from '../../src/tunnel/control/read-line';
import { isTunnelHealthy } from '../../src/tunnel/probes';
import { isFit } from './decoders/session';
import { FIRST_SEQUENCE, HostileGateway, TOKEN } from './hostile-gateway';

let gateway: HostileGateway;
beforeAll(async () => { gateway = await HostileGateway.start(); });
afterAll(async () => { await gateway.close(); });

const output = (payloadType: number, payload: Buffer | string, sequence = FIRST_SEQUENCE) =>
  encodeMessage({ type: MESSAGE_TYPES.OUTPUT, sequence, payloadType, payload: Buffer.from(payload) });

test.each<[string, Buffer, string]>([
  ['a frame that is too short', Buffer.from('hello'), 'a frame of 5 bytes is shorter than a header'],
  ['a header without an end', Buffer.concat([Buffer.from('7fffffff', 'hex'), Buffer.alloc(200)]), 'a header of 2147483647 bytes in a frame of 204'],
  ['smux of another version', output(PAYLOAD_TYPES.OUTPUT, Buffer.of(2, 0, 0, 0, 0, 0, 0, 0)), 'smux version 2, expected 1'],
  ['a second handshake', output(PAYLOAD_TYPES.HANDSHAKE_REQUEST, '{"RequestedClientActions":[]}'), 'a second handshake'],
  ['a completion that is no JSON', output(PAYLOAD_TYPES.HANDSHAKE_COMPLETE, '\u001b[31m'), 'a handshake that is no JSON object'],
])('%s ends the session, says why, and touches no other', async (_, frame, reason) => {
  const [hostile, other] = [await gateway.open(), await gateway.open()];
  const cut = new Promise((resolve) => hostile.local.once('close', resolve));
  await hostile.say([frame]);
  expect(await hostile.session.ended).toEqual({ by: 'protocol', reason });
  await cut;
  expect(hostile.logged.filter(({ message }) => message === 'session ended')).toEqual([{ message: 'session ended', details: expect.objectContaining({ by: 'protocol', reason }) }]);
  hostile.logged.forEach(isFit);
  expect(other.session.isOpen).toBe(true);
  await Promise.all([hostile.session.close(), other.session.close()]);
  other.local.destroy();
});

test('what the service says at the end is one line, short, without what steers a terminal, and without the token', async () => {
  const { session, say, logged } = await gateway.open();
  const text = `\u001b[2J\u0007gone\r\n2026-01-01 error forged line \u202e${'x'.repeat(10_000)}`;
  await say([encodeMessage({ type: MESSAGE_TYPES.CHANNEL_CLOSED, payload: Buffer.from(JSON.stringify({ Output: text })) })]);
  const { by, reason } = await session.ended;
  expect(by).toBe('service');
  expect(reason).toMatch(/^\[2J gone 2026-01-01 error forged line +x+$/);
  logged.forEach(isFit);
  expect(JSON.stringify(logged)).not.toContain(TOKEN);
  await session.close();
});

/** Says the same for as long as anybody is there to hear it. */
function flood(stream: Socket | PassThrough, text: string): void {
  const more = (): void => {
    while (!stream.destroyed && stream.write(text));
  };
  stream.on('drain', more).on('error', () => undefined);
  more();
}

test.each([['redis', 'x'.repeat(8192)], ['mysql', '\xff\xff\xff\0'.repeat(2048)], ['memcached', '\n'.repeat(8192)]])(
  'an answer to a probe of %s that has no end is none', async (engine, text) => {
    const server = createServer((socket) => flood(socket, text));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    expect(await isTunnelHealthy({ engine, port, timeout: 600_000 })).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

test('a line without an end is refused, and what comes after that is kept nowhere', async () => {
  const stream = new PassThrough();
  const line = readLine(stream as unknown as Socket);
  flood(stream, 'x'.repeat(8192));
  await expect(line).rejects.toThrow('the line has no end');
  expect(stream.listenerCount('data')).toBe(0);
  stream.destroy();
});
