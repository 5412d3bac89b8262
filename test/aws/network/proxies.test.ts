import { type Destination, hasProxies, proxyFor } from '../../../src/aws/network/proxies';
import { setEnvironment } from '../stub-aws';

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'];
const SSM: Destination = { protocol: 'https:', host: 'ssm.eu-west-1.amazonaws.com', port: '443' };

let restore: () => void;
beforeEach(() => { restore = setEnvironment(Object.fromEntries(VARIABLES.map((name) => [name, undefined]))); });
afterEach(() => restore());

test.each([
  ['no variable', {}, SSM, undefined],
  ['HTTPS_PROXY', { HTTPS_PROXY: 'http://proxy:3128' }, SSM, 'proxy:3128'],
  ['the lower case first', { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:2' }, SSM, 'lower:2'],
  ['ALL_PROXY', { ALL_PROXY: 'http://proxy:3128' }, SSM, 'proxy:3128'],
  ['HTTP_PROXY for another scheme', { HTTP_PROXY: 'http://proxy:3128' }, SSM, undefined],
  ['HTTP_PROXY', { HTTP_PROXY: 'http://proxy:3128' }, { ...SSM, protocol: 'http:' as const }, 'proxy:3128'],
  ['an empty variable', { https_proxy: '', HTTPS_PROXY: 'http://proxy:3128' }, SSM, 'proxy:3128'],
  ['no scheme, which is plain', { HTTPS_PROXY: 'proxy:3128' }, SSM, 'proxy:3128'],
  ['no port', { HTTPS_PROXY: 'https://proxy' }, SSM, 'proxy:443'],
  ['IPv6', { HTTPS_PROXY: 'http://[::1]:3128' }, SSM, '[::1]:3128'],
])('the proxy of %s', (_, environment, destination, address) => {
  Object.assign(process.env, environment);
  expect(proxyFor(destination)?.address).toBe(address);
  expect(hasProxies()).toBe(Object.values(environment).some(Boolean));
});

test.each([
  ['*', true], ['amazonaws.com', true], ['.amazonaws.com', true], ['*.amazonaws.com', true], ['SSM.eu-west-1.amazonaws.com', true], ['amazonaws.com:443', true],
  ['localhost,  amazonaws.com', true], ['localhost amazonaws.com', true],
  ['amazonaws.com:8443', false], ['zonaws.com', false], ['localhost', false], ['', false], [', ,', false], ['ssm', false],
])('NO_PROXY=%s excepts AWS: %s', (exceptions, isExcepted) => {
  Object.assign(process.env, { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: exceptions });
  expect(proxyFor(SSM) === undefined).toBe(isExcepted);
});

test.each([['::1', '::1'], ['[::1]', '::1'], ['[::1]:443', '::1'], ['127.0.0.1:443', '127.0.0.1']])('NO_PROXY=%s excepts the address %s', (exceptions, host) => {
  Object.assign(process.env, { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: exceptions });
  expect(proxyFor({ ...SSM, host })).toBeUndefined();
  expect(proxyFor({ ...SSM, host: '10.0.0.1' })).toBeDefined();
});

test('a login is decoded, and kept out of what is shown', () => {
  process.env.HTTPS_PROXY = 'http://me%40corp:p%3Aw%20d@proxy:3128';
  const { address, authorization } = proxyFor(SSM)!;
  expect(address).toBe('proxy:3128');
  expect(Buffer.from(authorization!.replace('Basic ', ''), 'base64').toString()).toBe('me@corp:p:w d');
});

test.each(['socks5h://me:CANARY@proxy:1080', 'http://me:CANARY%zz@proxy', 'http://me:CANARY/x@proxy:1', 'http://me:CANARY#x@proxy'])('fails with %s, without a word of it', (value) => {
  process.env.ALL_PROXY = value;
  const attempt = (): unknown => proxyFor(SSM);
  expect(attempt).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(/^the proxy that ALL_PROXY names cannot be used: it is /) }));
  expect(attempt).not.toThrow(/CANARY/);
});
