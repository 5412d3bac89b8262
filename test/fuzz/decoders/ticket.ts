import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseStreamUrl } from '../../../src/session/wire/stream-url';
import { encodeTokenFrame } from '../../../src/session/wire/token-frame';
import { isFitForALog } from '../claims';
import type { Decoder } from '../decoder';

/** Every partition's domain, told without an expression. */
const DOMAINS = ['.amazonaws.com', '.amazonaws.com.cn', '.amazonaws.eu', '.api.aws', '.amazonwebservices.com.cn', '.amazonwebservices.eu', '.ic.gov', '.sgov.gov', '.adc-e.uk', '.scloud'];
const LOOPBACKS = ['localhost', '127.', '[::1]'];

const PATH = '/v1/data-channel/me-0123456789abcdef0?role=publish_subscribe&cell-number=AAEAAc.1';
const someUrl = fc.record({
  scheme: fc.constantFrom('wss:', 'ws:', 'https:', 'WSS:', 'wss', 'file:'),
  user: fc.constantFrom('', 'user@', 'user:pass@', 'ssmmessages.us-east-1.amazonaws.com@'),
  host: fc.oneof(
    fc.constantFrom('ssmmessages.us-east-1.amazonaws.com', 'ssmmessages-fips.us-gov-west-1.amazonaws.com', 'vpce-1.ssmmessages.us-east-1.vpce.amazonaws.com', 'localhost', '127.1', '[::1]', '0x7f.1'),
    fc.webAuthority(), fc.domain(),
  ),
  tail: fc.constantFrom('', '.', '.evil.example', '#', '\\', '%00', ':443', ':99999'),
  path: fc.constantFrom(PATH, '', '/'),
}).map(({ scheme, user, host, tail, path }) => Buffer.from(`${scheme}//${user}${host}${tail}${path}`));

export const streamUrl: Decoder = {
  name: 'stream URL',
  seeds: [
    `wss://ssmmessages.us-east-1.amazonaws.com${PATH}`, `wss://ssmmessages.cn-north-1.amazonaws.com.cn${PATH}`, `ws://127.0.0.1:8080${PATH}`, `ws://[::1]:8080${PATH}`, `ws://localhost${PATH}`,
  ].map((url) => Buffer.from(url)),
  shaped: someUrl,
  mayThrow: ['Problem'],
  share: 700,
  start: () => ({
    decode(input, dice) {
      const allowsLoopback = dice.oneIn(2);
      const { protocol, hostname, username, password } = sayingLittle(() => parseStreamUrl(input.toString(), allowsLoopback));
      assert.equal(username + password, '');
      const isLocal = allowsLoopback && protocol === 'ws:' && LOOPBACKS.some((start) => hostname.startsWith(start));
      assert.ok(isLocal || (protocol === 'wss:' && hostname.includes('ssmmessages') && DOMAINS.some((domain) => hostname.endsWith(domain))), `a token would go to ${protocol}//${hostname}`);
    },
  }),
};

function sayingLittle<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    isFitForALog((error as Error).message);
    throw error;
  }
}

export const tokenFrame: Decoder = {
  name: 'token frame',
  seeds: [Buffer.from('AAEAAbHOPy6FBkzpjFZ4dhnH0HJ6xZ8'), Buffer.from('"\\\n\u2028')],
  mayThrow: [],
  share: 200,
  start: () => ({
    decode(input) {
      const frame = encodeTokenFrame(input.toString());
      assert.equal(JSON.parse(frame).TokenValue, input.toString());
      assert.ok(!frame.includes('\n'));
    },
  }),
};
