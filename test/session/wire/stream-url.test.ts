import { parseStreamUrl } from '../../../src/session/wire/stream-url';

const PATH = '/v1/data-channel/alice-0a1b?role=publish_subscribe&cell-number=AAEA%2B';

test.each([
  'wss://ssmmessages.us-east-1.amazonaws.com',
  'wss://ssmmessages.cn-north-1.amazonaws.com.cn',
  'wss://ssmmessages-fips.us-gov-west-1.amazonaws.com',
  'wss://ssmmessages.eu-central-1.api.aws',
  'wss://ssmmessages.eusc-de-east-1.amazonaws.eu',
  'wss://vpce-0123abcd-xyz.ssmmessages.us-east-1.vpce.amazonaws.com',
])('takes an endpoint of AWS as it is: %s', (origin) => {
  expect(parseStreamUrl(origin + PATH).href).toBe(origin + PATH);
});

test.each(['ws://127.0.0.1:4566', 'ws://localhost:4566', 'ws://[::1]:4566', 'wss://127.0.0.1'])('takes this machine only where that is allowed: %s', (origin) => {
  expect(parseStreamUrl(origin + PATH, true).href).toBe(origin + PATH);
  expect(() => parseStreamUrl(origin + PATH, false)).toThrow('no endpoint of AWS');
});

test.each([
  'ws://ssmmessages.us-east-1.amazonaws.com',
  'https://ssmmessages.us-east-1.amazonaws.com',
  'wss://ssmmessages.us-east-1.amazonaws.com.evil.example',
  'wss://evil.example/ssmmessages.us-east-1.amazonaws.com',
  'wss://ssmmessages.us-east-1.amazonaws.com@evil.example',
  'wss://user:word@ssmmessages.us-east-1.amazonaws.com',
  'wss://evilssmmessages.us-east-1.amazonaws.com',
  'wss://bucket.s3.us-east-1.amazonaws.com',
  'wss://ssmmessages.us-east-1xamazonaws.com',
  'ws://127.0.0.1.evil.example',
  'ws://10.0.0.1',
])('fails when the token would go elsewhere: %s', (origin) => {
  expect(() => parseStreamUrl(origin + PATH, true)).toThrow(expect.objectContaining({ code: 'SESSION_FAILED' }));
});

test('fails when it is no URL, and does not repeat it', () => {
  expect(() => parseStreamUrl('not a url, but secret')).toThrow(/^(?!.*secret)/);
});
