import { Lazy } from 'aws-cdk-lib';
import { type HostSourceOptions, TunnelSource } from '../../../src';
import { testStack } from '../support';
import { defaultName, describedTarget, group, type Make, targetInto, waysIn } from './support';

const HOST: HostSourceOptions = { host: 'search.internal', port: 9200 };
const into = (options: Partial<HostSourceOptions> = {}): Make => () => TunnelSource.host({ ...HOST, ...options });

test.each<[string, Make, object]>([
  ['of which only the port is known', into(), { name: 'search.internal', engine: 'tcp', port: 9200, host: { writer: 'search.internal' } }],
  ['with a name and an engine', into({ name: 'Search', engine: 'opensearch' }), { name: 'Search', engine: 'opensearch', port: 9200 }],
  ['with the port of its engine', into({ port: undefined, engine: 'valkey' }), { engine: 'valkey', port: 6379 }],
  ['with a reader and a database', into({ readerHost: 'reader.internal', engine: 'postgres', database: 'app' }), {
    database: 'app', host: { writer: 'search.internal', reader: 'reader.internal' },
  }],
  ['that is an address', into({ host: '10.0.0.7' }), { host: { writer: '10.0.0.7' } }],
  ['that is an address of IPv6', into({ host: '2001:db8::7' }), { host: { writer: '2001:db8::7' } }],
  ['that ends in a dot', into({ host: 'search.internal.' }), { host: { writer: 'search.internal.' } }],
])('a host %s is described', (_, make, target) => {
  expect(describedTarget(make)).toMatchObject({ kind: 'host', ...target });
});

test('host and port may be tokens', () => {
  const stack = testStack();
  const host = Lazy.string({ produce: () => 'late.internal' });
  expect(describedTarget(into({ host, port: Lazy.number({ produce: () => 9300 }) }), stack)).toMatchObject({
    name: 'late.internal', port: 9300, host: { writer: 'late.internal' },
  });
});

test('its security groups let the bastion in', () => {
  const make: Make = (stack) => into({ securityGroups: [group(stack), group(stack, 'sg-2')] })(stack);
  expect(waysIn(make)).toEqual([['sg-1', 9200], ['sg-2', 9200]]);
  expect(waysIn(into())).toEqual([]);
});

test('the target is called by the name, lower-cased; without one it has to be told', () => {
  expect(defaultName(into({ name: 'Search' }))).toBe('search');
  expect(() => defaultName(into())).toThrow(/^targetName has no default/);
});

const NO_HOST = 'cannot be a host; pass a host name or an IP address, without scheme, port or path';
const OWN_HOST = 'is the bastion itself, or what answers to it alone; pass a host of the VPC';

test.each<[string, Partial<HostSourceOptions>, string]>([
  ['host is empty', { host: '' }, `host "" ${NO_HOST}`],
  ['host is a URL', { host: 'https://search.internal' }, `host "https://search.internal" ${NO_HOST}`],
  ['host has a port', { host: 'search.internal:9200' }, `host "search.internal:9200" ${NO_HOST}`],
  ['host has a blank', { host: 'search internal' }, `host "search internal" ${NO_HOST}`],
  ['host would be a parameter of a document', { host: '{{ host }}' }, `host "{{ host }}" ${NO_HOST}`],
  ['host is too long', { host: 'a'.repeat(256) }, `host "${'a'.repeat(256)}" ${NO_HOST}`],
  ['reader is a URL', { readerHost: 'https://reader.internal' }, `readerHost "https://reader.internal" ${NO_HOST}`],
  ['host is the bastion', { host: 'localhost' }, `host "localhost" ${OWN_HOST}`],
  ['host is the bastion by another name', { host: 'db.LOCALHOST' }, `host "db.LOCALHOST" ${OWN_HOST}`],
  ['host is the address of the bastion', { host: '127.0.0.1' }, `host "127.0.0.1" ${OWN_HOST}`],
  ['host is the bastion by IPv6', { host: '::1' }, `host "::1" ${OWN_HOST}`],
  ['host is the bastion by IPv4 in IPv6', { host: '::ffff:127.0.0.1' }, `host "::ffff:127.0.0.1" ${OWN_HOST}`],
  ['host is any address', { host: '0.0.0.0' }, `host "0.0.0.0" ${OWN_HOST}`],
  ['host hands out credentials', { host: '169.254.169.254' }, `host "169.254.169.254" ${OWN_HOST}`],
  ['host hands out credentials by IPv6', { host: 'fd00:ec2::254' }, `host "fd00:ec2::254" ${OWN_HOST}`],
  ['port is 0', { port: 0 }, 'port 0 cannot be a port; pass a whole number from 1 to 65535'],
  ['port is too high', { port: 65536 }, 'port 65536 cannot be a port; pass a whole number from 1 to 65535'],
  ['port is a fraction', { port: 1.5 }, 'port 1.5 cannot be a port; pass a whole number from 1 to 65535'],
  ['port is none', { port: NaN }, 'port NaN cannot be a port; pass a whole number from 1 to 65535'],
  ['port is missing', { port: undefined }, 'there is no port to lead to: got neither port nor engine; pass port'],
])('fails when the %s', (_, options, message) => {
  expect(() => TunnelSource.host({ ...HOST, ...options })).toThrow(new Error(message));
});

const NO_ENGINE = /^engine "postgresql" is not known; pass one of aurora-postgresql, postgres, .*, https, or none$/;

test('fails when the engine is none', () => {
  expect(() => TunnelSource.host({ ...HOST, engine: 'postgresql' })).toThrow(NO_ENGINE);
});

test('fails before there is a target', () => {
  const stack = testStack();
  expect(() => targetInto(stack, TunnelSource.host({ host: 'localhost', port: 22 }))).toThrow(OWN_HOST);
  expect(stack.node.children).toEqual([]);
});
