import { PRIVATE_CA, UNTRUSTED_TLS } from '../support/certificates/aws';
import { eventually } from '../support/eventually';
import { TestProxy, type TestProxyOptions } from '../support/test-proxy';
import { ByteTarget, Line } from './support/byte-target';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const TRUSTING = { AWS_CA_BUNDLE: PRIVATE_CA, NO_PROXY: undefined };

async function proxyIn({ atEnd }: World, options?: TestProxyOptions): Promise<TestProxy> {
  const proxy = await TestProxy.start(options);
  atEnd(async () => proxy.stop());
  return proxy;
}

scenario('calls and the data channel go through a proxy that wants a login; a tunnel comes back with it, or by another way', async (world) => {
  const { aws, open, connect, status, closeAll, canaries } = world;
  const login = `me:${aws.secrets.make(12)}`;
  const proxy = await proxyIn(world, { login });
  await ByteTarget.forWriterOf(world);
  const byProxy = { ...TRUSTING, HTTPS_PROXY: proxy.url };
  const { port } = await open('ahbodedb --port 0 --verbose', { environment: byProxy });
  const line = await Line.to(port);
  await line.echo('through');
  const authority = `CONNECT 127.0.0.1:${aws.port}`;
  // Those of the command and of the worker, for API calls, and one for the WebSocket.
  expect(proxy.asked.length).toBeGreaterThanOrEqual(3);
  expect(new Set(proxy.asked)).toEqual(new Set([authority]));

  await proxy.stop();
  await eventually(status, ({ sessions: [session] }) => session?.trouble !== undefined, 10);
  const { sessions: [session] } = await status();
  expect(session.trouble).toMatch(new RegExp(`the proxy ${proxy.address} gives no way to 127.0.0.1:${aws.port}: .*HTTPS_PROXY`));
  await proxy.restart();
  await line.echo('and again');
  expect((await status()).reconnects).toBe(1);

  await proxy.stop();
  await eventually(status, ({ sessions: [each] }) => each?.trouble !== undefined, 10);
  expect(await open('ahbodedb --port 0', { environment: TRUSTING })).toMatchObject({ port, reused: true });
  await line.echo('without a proxy');
  line.close();
  expect((await connect('logs ahbodedb')).stdout).toContain(proxy.address);
  await canaries.look();
  await closeAll(TRUSTING);
}, { tls: UNTRUSTED_TLS, timeout: 60_000 });

scenario('NO_PROXY is kept to, a proxy that refuses is named, and so is a certificate that nobody trusts', async (world) => {
  const { open, connect, closeAll, query, nothingLeft } = world;
  const proxy = await proxyIn(world, { refusal: '403 Forbidden' });
  const refused = await connect('ahbodedb --port 0', { environment: { ...TRUSTING, HTTPS_PROXY: proxy.url } });
  expect(refused).toMatchObject({ exit: 6, stderr: expect.stringContaining(`error: the proxy ${proxy.address} gives no way to 127.0.0.1:${world.aws.port}: it said 403 Forbidden\nnext:  ask`) });
  const untrusted = await connect('ahbodedb --port 0');
  expect(untrusted.stderr).toMatch(/^error: ssm:GetParameter was not sent: the certificate .* is not trusted[^]*^next: .*export NODE_EXTRA_CA_CERTS=/m);
  await nothingLeft();
  const asked = proxy.asked.length;
  const byNode = { NODE_EXTRA_CA_CERTS: PRIVATE_CA, HTTPS_PROXY: proxy.url };
  const { port } = await open('ahbodedb --port 0', { environment: byNode });
  expect(await query(port)).toBe(42);
  expect(proxy.asked).toHaveLength(asked);
  await closeAll(byNode);
}, { tls: UNTRUSTED_TLS });

scenario('in plain, API calls and the data channel go through the proxy of HTTP_PROXY', async (world) => {
  const { aws, open, query, closeAll } = world;
  const proxy = await proxyIn(world);
  const environment = { HTTP_PROXY: proxy.url, NO_PROXY: undefined };
  const { port } = await open('ahbodedb --port 0', { environment });
  expect(await query(port)).toBe(42);
  await closeAll(environment);
  expect(new Set(proxy.asked)).toEqual(new Set([`POST ${aws.endpoint}/`, `CONNECT 127.0.0.1:${aws.port}`]));
});
