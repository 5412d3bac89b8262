import { Lazy } from 'aws-cdk-lib';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import { TunnelSource } from '../../../src';
import { defaultName, describedTarget, group, type Make, waysIn } from './support';

const created = (props: Partial<elasticache.CfnReplicationGroupProps> = {}, clusterMode?: boolean): Make => (stack) => TunnelSource.replicationGroup(
  new elasticache.CfnReplicationGroup(stack, 'Cache', {
    replicationGroupDescription: 'Sessions', engine: 'valkey', cacheNodeType: 'cache.t4g.micro', numCacheClusters: 2, ...props,
  }), { securityGroups: [group(stack)], clusterMode });

const PRIMARY = 'primaryendpoint.address-of-cache';
const READER = 'readerendpoint.address-of-cache';
const CONFIGURATION = 'configurationendpoint.address-of-cache';
const PORT_ATTRIBUTE = 7654;

test.each<[string, Make, object]>([
  ['of Valkey', created(), { engine: 'valkey', port: 6379 }],
  ['of Redis', created({ engine: 'redis' }), { engine: 'redis', port: 6379 }],
  ['of no engine, which is Redis', created({ engine: undefined }), { engine: 'redis', port: 6379 }],
  ['on a port of its own', created({ port: 6400 }), { port: 6400 }],
  ['on a port that is a token', created({ port: Lazy.number({ produce: () => 6401 }) }), { port: 6401 }],
  ['restored', created({ snapshotName: 'snapshot' }), { port: PORT_ATTRIBUTE }],
  ['a part of a global datastore', created({ globalReplicationGroupId: 'global', engine: undefined }), { port: PORT_ATTRIBUTE }],
  ['of an engine of tomorrow', created({ engine: 'dragon' }), { engine: 'dragon', port: PORT_ATTRIBUTE }],
])('a replication group %s is described', (_, make, target) => {
  expect(describedTarget(make)).toMatchObject({
    kind: 'elasticache-replication-group', name: 'ref-of-Cache', host: { writer: PRIMARY, reader: READER }, ...target,
  });
});

test.each<[string, Make]>([
  ['has many shards', created({ numNodeGroups: 2, numCacheClusters: undefined })],
  ['has many shards by name', created({ numCacheClusters: undefined, nodeGroupConfiguration: [{ slots: '0-8191' }, { slots: '8192-16383' }] })],
  ['has one shard, and the parameters of a cluster', created({ cacheParameterGroupName: 'default.valkey8.cluster.on' })],
  ['says that its mode is enabled', created({ clusterMode: 'enabled' })],
  ['is said to have the mode enabled', created({ cacheParameterGroupName: 'mine' }, true)],
])('a group that %s is reached by its configuration endpoint alone', (_, make) => {
  expect(describedTarget(make).host).toEqual({ writer: CONFIGURATION });
});

test.each<[string, Make]>([
  ['has one shard', created({ numNodeGroups: 1 })],
  ['says that its mode is disabled', created({ clusterMode: 'disabled', cacheParameterGroupName: 'default.valkey8.cluster.on' })],
  ['is on the way to cluster mode', created({ clusterMode: 'compatible' })],
  ['is said to have the mode disabled', created({ cacheParameterGroupName: 'default.valkey8.cluster.on' }, false)],
])('a group that %s is reached by its primary endpoint', (_, make) => {
  expect(describedTarget(make).host.writer).toBe(PRIMARY);
});

test.each<[string, Make, string | undefined]>([
  ['is one node', created({ numCacheClusters: 1 }), undefined],
  ['says nothing of nodes', created({ numCacheClusters: undefined }), undefined],
  ['has as many nodes as is not known yet', created({ numCacheClusters: Lazy.number({ produce: () => 2 }) }), undefined],
  ['has replicas', created({ numCacheClusters: undefined, replicasPerNodeGroup: 1 }), READER],
  ['has a shard with replicas', created({ numCacheClusters: undefined, nodeGroupConfiguration: [{ replicaCount: 1 }] }), READER],
])('one that %s has this to read from: %s', (_, make, reader) => {
  expect(describedTarget(make).host.reader).toBe(reader);
});

test('its security groups let the bastion in', () => {
  expect(waysIn(created())).toEqual([['sg-1', 6379]]);
});

test('the target is called by the id of the group, lower-cased', () => {
  expect(defaultName(created({ replicationGroupId: 'Sessions' }))).toBe('sessions');
});
