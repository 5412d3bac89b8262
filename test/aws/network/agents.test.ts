import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { forgetClients } from '../../../src/aws/clients';
import { getDescriptor, getSigningCredentials } from '../../../src/aws/hot-path';
import type { Problem } from '../../../src/problem';
import { PRIVATE_CA, UNTRUSTED_TLS } from '../../support/certificates/aws';
import { TestProxy, type TestProxyOptions } from '../../support/test-proxy';
import { context, json, setEnvironment, startStubAws, type StubAws } from '../stub-aws';

const LOGIN = 'me:p@ss %w0rd';
const NO_NETWORK = Object.fromEntries(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy', 'AWS_CA_BUNDLE']
  .map((name) => [name, undefined]));

let aws: StubAws;
/** Speaks TLS with a certificate that nobody trusts, and hands on to the stub what it is asked for. */
let front: Server;
let endpoint: string;
let restore: () => void;
const proxies: TestProxy[] = [];

beforeEach(async () => {
  aws = await startStubAws();
  aws.replies.GetParameter = [json({ Parameter: { Name: 'x', Value: 'no descriptor' } })];
  front = createServer(UNTRUSTED_TLS, (request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { 'x-amz-target': target, 'content-type': type } = request.headers as Record<string, string>;
      const answer = await fetch(aws.url, { method: 'POST', headers: { ...(target && { 'x-amz-target': target }), 'content-type': type ?? 'text/plain' }, body: Buffer.concat(chunks) });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type')! }).end(await answer.text());
    })();
  }).on('tlsClientError', () => undefined);
  await once(front.listen(0, '127.0.0.1'), 'listening');
  endpoint = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  restore = setEnvironment({ ...NO_NETWORK, AWS_ENDPOINT_URL: endpoint, AWS_CA_BUNDLE: PRIVATE_CA });
  forgetClients();
});

afterEach(async () => {
  restore();
  front.closeAllConnections();
  front.close();
  await aws.stop();
  await Promise.all(proxies.splice(0).map(async (proxy) => proxy.stop()));
});

async function proxyWith(options: TestProxyOptions = {}): Promise<TestProxy> {
  const proxy = await TestProxy.start(options);
  proxies.push(proxy);
  return proxy;
}

const ask = async (profile?: string): Promise<Problem> => getDescriptor({ name: 'ahbodedb', prefix: '/p' }, { ...context, aws: { profile } })
  .then(() => { throw new Error('no descriptor was to be found'); }, (error: unknown) => error as Problem);
const authority = () => endpoint.slice('https://'.length);
/** What the descriptor that is none comes to: the call has arrived. */
const ARRIVED = { code: 'NOT_FOUND' };

test('calls go through the proxy by CONNECT, with a login that has special characters, and not where NO_PROXY excepts the host', async () => {
  const proxy = await proxyWith({ login: LOGIN });
  process.env.HTTPS_PROXY = proxy.url;
  expect(await ask()).toMatchObject(ARRIVED);
  expect(proxy.asked).toEqual([`CONNECT ${authority()}`]);
  process.env.NO_PROXY = 'localhost, 127.0.0.1';
  front.closeAllConnections();
  expect(await ask()).toMatchObject(ARRIVED);
  expect(proxy.asked).toHaveLength(1);
});

test('an http: endpoint is asked for through the proxy of HTTP_PROXY, as curl does', async () => {
  const proxy = await proxyWith({ login: LOGIN });
  Object.assign(process.env, { HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL: aws.url });
  expect(await ask()).toMatchObject(ARRIVED);
  expect(proxy.asked).toEqual([`POST ${aws.url}/`]);
  process.env.HTTP_PROXY = `http://${proxy.address}`;
  expect(await ask()).toMatchObject({ message: expect.stringContaining('refused by the proxy'), next: expect.stringContaining('HTTP_PROXY') });
});

test('a proxy may be spoken to in TLS, and has to be one that is trusted', async () => {
  const proxy = await proxyWith({ login: LOGIN, tls: UNTRUSTED_TLS });
  process.env.HTTPS_PROXY = proxy.url;
  expect(await ask()).toMatchObject(ARRIVED);
  expect(proxy.asked).toEqual([`CONNECT ${authority()}`]);
  Object.assign(process.env, { HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL: aws.url });
  forgetClients();
  expect(await ask()).toMatchObject(ARRIVED);
  expect(proxy.asked.slice(1)).toEqual([`POST ${aws.url}/`]);
  process.env.AWS_ENDPOINT_URL = endpoint;
  delete process.env.AWS_CA_BUNDLE;
  forgetClients();
  expect(await ask()).toMatchObject({ code: 'SESSION_FAILED', message: expect.stringContaining(`the proxy ${proxy.address}`) });
  expect(proxy.asked).toHaveLength(2);
});

test.each<[string, TestProxyOptions & { password?: string }, object]>([
  ['wants a login', { login: LOGIN, password: '' }, { name: 'ProxyRefused', message: /it said 407/, next: /export HTTPS_PROXY=http:\/\/user:password@127/ }],
  ['does not know the login', { login: LOGIN, password: 'me:CANARY@' }, { name: 'ProxyRefused', message: /it said 407/, next: /check the user and the password in HTTPS_PROXY/ }],
  ['lets nobody through', { refusal: '403 Forbidden' }, { name: 'ProxyRefused', message: /it said 403 Forbidden$/, next: /\*\.amazonaws\.com:443/ }],
  ['does not reach AWS', { refusal: '502 Bad Gateway' }, { name: 'PassingTrouble', message: /it said 502/, next: /NO_PROXY=amazonaws\.com/ }],
])('fails when the proxy %s: which proxy, and what to type', async (_, { password, ...options }, expected) => {
  const proxy = await proxyWith(options);
  process.env.HTTPS_PROXY = password === undefined ? proxy.url : `http://${password}${proxy.address}`;
  const problem = await ask();
  expect(problem).toMatchObject({ code: 'SESSION_FAILED', message: expect.stringContaining(`the proxy ${proxy.address} gives no way to ${authority()}`) });
  for (const [key, pattern] of Object.entries(expected)) expect(problem[key as keyof Problem]).toMatch(pattern as RegExp);
  expect(inspect(problem, { depth: Infinity, showHidden: true })).not.toMatch(/CANARY|p@ss/);
  expect(aws.calls).toEqual([]);
});

test('fails when the proxy is down', async () => {
  const proxy = await proxyWith();
  await proxy.stop();
  process.env.https_proxy = `me:CANARY@${proxy.address}`;
  const problem = await ask();
  expect(problem).toMatchObject({
    name: 'PassingTrouble',
    message: expect.stringMatching(new RegExp(`^the proxy ${proxy.address} gives no way to ${authority()}: .*connect ECONNREFUSED ${proxy.address}$`)),
    next: expect.stringContaining('https_proxy'),
  });
  expect(inspect(problem, { depth: Infinity, showHidden: true })).not.toContain('CANARY');
});

test('a proxy that says nothing is given up, and its connection with it', async () => {
  const proxy = await proxyWith({ refusal: 'silence' });
  process.env.HTTPS_PROXY = proxy.url;
  const failed = getDescriptor({ name: 'ahbodedb', prefix: '/p' }, { ...context, attempts: 1 }).catch((error: unknown) => error);
  expect(await failed).toMatchObject({ name: 'PassingTrouble', message: expect.stringContaining('it did not answer within 4.5 s') });
});

test('credentials of SSO and of assumed roles are got through the proxy as well, and what is wrong with it is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  await writeFile(join(folder, 'config'), [
    '[profile sso]', 'sso_start_url = https://x.example/start', 'sso_region = eu-central-1', 'sso_account_id = 123456789012', 'sso_role_name = dev',
    '[profile base]', 'aws_access_key_id = AKIA', 'aws_secret_access_key = secret',
    '[profile role]', 'role_arn = arn:aws:iam::123456789012:role/dev', 'source_profile = base',
  ].join('\n'));
  const cache = join(folder, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true });
  const name = createHash('sha1').update('https://x.example/start').digest('hex');
  await writeFile(join(cache, `${name}.json`), JSON.stringify({ accessToken: 'CANARY', expiresAt: new Date(Date.now() + 3_600_000).toISOString() }));
  await writeFile(join(folder, 'token'), 'CANARY');
  const proxy = await proxyWith();
  const back = setEnvironment({
    HTTPS_PROXY: proxy.url,
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
    AWS_ROLE_ARN: undefined,
  });
  const credentials = async (profile?: string) => getSigningCredentials({ ...context, aws: { profile } }).catch((error: unknown) => error as Problem);
  try {
    for (const profile of ['sso', 'role']) {
      proxy.asked.length = 0;
      front.closeAllConnections();
      await credentials(profile);
      expect(proxy.asked).toContain(`CONNECT ${authority()}`);
    }
    Object.assign(process.env, { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'), AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/dev' });
    proxy.asked.length = 0;
    front.closeAllConnections();
    await credentials();
    expect(proxy.asked).toContain(`CONNECT ${authority()}`);
    await proxy.stop();
    forgetClients();
    for (const profile of ['sso', 'role']) {
      expect(await credentials(profile)).toMatchObject({
        name: 'PassingTrouble', message: expect.stringContaining(`the proxy ${proxy.address} gives no way to ${authority()}`), next: expect.stringContaining('HTTPS_PROXY'),
      });
    }
  } finally {
    back();
    await rm(folder, { recursive: true });
  }
});

test('credentials of a container are got directly', async () => {
  const proxy = await proxyWith({ refusal: '403 Forbidden' });
  // A GET names no operation.
  aws.replies.undefined = [json({ AccessKeyId: 'ASIA', SecretAccessKey: 's', Token: 't', Expiration: '2099-01-01T00:00:00Z' })];
  const back = setEnvironment({
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.url}/credentials`,
  });
  const credentials = getSigningCredentials(context);
  await expect(credentials).resolves.toMatchObject({ accessKeyId: 'ASIA' });
  back();
  expect(proxy.asked).toEqual([]);
});

test('fails when the certificate is not trusted, and says what to type', async () => {
  delete process.env.AWS_CA_BUNDLE;
  expect(await ask()).toMatchObject({
    message: expect.stringContaining('the certificate of the other side is not trusted'), next: expect.stringContaining('export NODE_EXTRA_CA_CERTS='),
  });
});

test.each([
  ['is not there', '/nonexistent/ca.pem', 'ENOENT'],
  ['holds no certificates', __filename, 'there is no certificate in it'],
])('fails when the file of AWS_CA_BUNDLE %s', async (_, path, why) => {
  process.env.AWS_CA_BUNDLE = path;
  expect(await ask()).toMatchObject({ code: 'USAGE', message: expect.stringMatching(new RegExp(`AWS_CA_BUNDLE names cannot be read: ${path}: .*${why}`)) });
});
