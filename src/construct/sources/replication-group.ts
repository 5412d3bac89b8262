import type * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type { TunnelSourceConfig } from './config';
import type { ReplicationGroupSourceOptions } from './options';
import { portOf } from './port';
import { literalName } from './resource';

type Shard = elasticache.CfnReplicationGroup.NodeGroupConfigurationProperty;

/** What a replication group may have its port from. */
const ORIGINS = ['globalReplicationGroupId', 'primaryClusterId', 'snapshotArns', 'snapshotName'] as const;

const CLUSTERED_PARAMETERS = /\.cluster\.on$/;

/** All that a target has to know about a replication group. One has either a configuration endpoint or a primary one. */
export function bindReplicationGroup(group: elasticache.CfnReplicationGroup, options: ReplicationGroupSourceOptions): TunnelSourceConfig {
  const engine = group.engine ?? 'redis';
  const endpoint = options.clusterMode ?? isClustered(group)
    ? { host: group.attrConfigurationEndPointAddress, port: group.attrConfigurationEndPointPort }
    : { host: group.attrPrimaryEndPointAddress, port: group.attrPrimaryEndPointPort, reader: readerOf(group) };
  return {
    kind: 'elasticache-replication-group',
    name: group.ref,
    engine,
    port: portOf({ resource: group, engine, origins: ORIGINS, attribute: endpoint.port }),
    writerHost: endpoint.host,
    readerHost: endpoint.reader,
    securityGroups: options.securityGroups,
    defaultTargetName: literalName(group.replicationGroupId),
  };
}

/** In the mode `compatible`, which is on the way from disabled to enabled, it still has the primary endpoint. */
function isClustered(group: elasticache.CfnReplicationGroup): boolean {
  if (group.clusterMode !== undefined) return group.clusterMode.toLowerCase() === 'enabled';
  return (group.numNodeGroups ?? 1) > 1 || shardsOf(group).length > 1 || CLUSTERED_PARAMETERS.test(group.cacheParameterGroupName ?? '');
}

/** Undefined for a node that is alone: there is no other to read from. A number that is not known yet is less than any. */
function readerOf(group: elasticache.CfnReplicationGroup): string | undefined {
  const replicas = [(group.numCacheClusters ?? 1) - 1, group.replicasPerNodeGroup, ...shardsOf(group).map(({ replicaCount }) => replicaCount)];
  return replicas.some((count = 0) => count > 0) ? group.attrReaderEndPointAddress : undefined;
}

function shardsOf({ nodeGroupConfiguration: shards }: elasticache.CfnReplicationGroup): Shard[] {
  return Array.isArray(shards) ? shards as Shard[] : [];
}
