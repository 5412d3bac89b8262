import { Lazy } from 'aws-cdk-lib';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import { TunnelSource } from '../../../src';
import { testStack } from '../support';
import { defaultName, describedTarget, group, type Make, targetInto, waysIn } from './support';

const created = (props: Partial<elasticache.CfnCacheClusterProps> = {}): Make => (stack) => TunnelSource.cacheCluster(
  new elasticache.CfnCacheCluster(stack, 'Cache', { engine: 'redis', cacheNodeType: 'cache.t4g.micro', numCacheNodes: 1, ...props }),
  { securityGroups: [group(stack)] });

const NODE = 'redisendpoint.address-of-cache';

test.each<[string, Make, object]>([
  ['Redis', created(), { engine: 'redis', port: 6379, host: { writer: NODE } }],
  ['Valkey', created({ engine: 'valkey' }), { engine: 'valkey', port: 6379, host: { writer: NODE } }],
  ['Memcached', created({ engine: 'memcached', numCacheNodes: 2 }), {
    engine: 'memcached', port: 11211, host: { writer: 'configurationendpoint.address-of-cache' },
  }],
  ['Redis on a port of its own', created({ port: 6400 }), { port: 6400 }],
  ['Redis that is restored', created({ snapshotName: 'snapshot' }), { port: 7654 }],
])('a cache cluster of %s is described', (_, make, target) => {
  expect(describedTarget(make)).toMatchObject({ kind: 'elasticache-cluster', name: 'ref-of-Cache', ...target });
});

test('its security groups let the bastion in', () => {
  expect(waysIn(created())).toEqual([['sg-1', 6379]]);
});

test('the target is called by the name of the cluster, lower-cased', () => {
  expect(defaultName(created({ clusterName: 'Sessions' }))).toBe('sessions');
});

test.each([
  ['is none', 'dragon', '"dragon"'],
  ['is a token', Lazy.string({ produce: () => 'redis' }), '"\\$\\{Token\\[.*\\]\\}"'],
])('fails when the engine %s', (_, engine, got) => {
  const stack = testStack();
  expect(() => targetInto(stack, created({ engine })(stack))).toThrow(new RegExp(
    `^the cache cluster "Stack/Cache" has no endpoint that is known: got engine ${got}; pass one of redis, valkey, memcached$`));
});
