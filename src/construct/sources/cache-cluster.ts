import type * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type { TunnelSourceConfig } from './config';
import type { GuardedSourceOptions } from './options';
import { portOf } from './port';
import { literalName } from './resource';

/** What a cache cluster may have its port from. */
const ORIGINS = ['snapshotArns', 'snapshotName'] as const;

type Endpoint = (cluster: elasticache.CfnCacheCluster) => { readonly host: string; readonly port: string };

const nodeEndpoint: Endpoint = (cluster) => ({ host: cluster.attrRedisEndpointAddress, port: cluster.attrRedisEndpointPort });

/** Where a cache cluster is reached, by its engine. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['redis', nodeEndpoint],
  ['valkey', nodeEndpoint],
  ['memcached', (cluster) => ({ host: cluster.attrConfigurationEndpointAddress, port: cluster.attrConfigurationEndpointPort })],
]);

/**
 * All that a target has to know about a cache cluster.
 * @throws Error when its engine is none that has an endpoint, or is not known yet
 */
export function bindCacheCluster(cluster: elasticache.CfnCacheCluster, { securityGroups }: GuardedSourceOptions): TunnelSourceConfig {
  const { engine } = cluster;
  const endpoint = ENDPOINTS.get(engine)?.(cluster);
  if (!endpoint) {
    const engines = [...ENDPOINTS.keys()].join(', ');
    throw new Error(`the cache cluster "${cluster.node.path}" has no endpoint that is known: got engine "${engine}"; pass one of ${engines}`);
  }
  return {
    kind: 'elasticache-cluster',
    name: cluster.ref,
    engine,
    port: portOf({ resource: cluster, engine, origins: ORIGINS, attribute: endpoint.port }),
    writerHost: endpoint.host,
    securityGroups,
    defaultTargetName: literalName(cluster.clusterName),
  };
}
