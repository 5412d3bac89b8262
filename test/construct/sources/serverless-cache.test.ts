import { Lazy } from 'aws-cdk-lib';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import { TunnelSource } from '../../../src';
import { defaultName, describedTarget, group, type Make, waysIn } from './support';

const created = (engine: string = 'valkey'): Make => (stack) => TunnelSource.serverlessCache(
  new elasticache.CfnServerlessCache(stack, 'Cache', { serverlessCacheName: 'Sessions', engine }), { securityGroups: [group(stack)] });

test.each([
  ['Valkey', 'valkey', { engine: 'valkey', port: 6379 }],
  ['Redis', 'redis', { engine: 'redis', port: 6379 }],
  ['Memcached', 'memcached', { engine: 'memcached', port: 11211 }],
  ['an engine that is not known yet', Lazy.string({ produce: () => 'valkey' }), { engine: 'valkey', port: 7654 }],
])('a serverless cache of %s is described, and has no reader', (_, engine, target) => {
  expect(describedTarget(created(engine))).toEqual({
    kind: 'elasticache-serverless-cache', name: 'ref-of-Cache', host: { writer: 'endpoint.address-of-cache' }, ...target,
  });
});

test('its security groups let the bastion in', () => {
  expect(waysIn(created())).toEqual([['sg-1', 6379]]);
});

test('the target is called by the name of the cache, lower-cased', () => {
  expect(defaultName(created())).toBe('sessions');
});
