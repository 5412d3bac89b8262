import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { TunnelSourceConfig } from './config';
import { checkEngine } from './engine';
import type { ClusterSourceOptions } from './options';
import { portOf } from './port';
import { explainNotKnown, literalName, resourceOf, tryRead } from './resource';
import { rdsSecret } from './secret';

/** What a cluster may have its port from. */
const ORIGINS = ['snapshotIdentifier', 'sourceDbClusterIdentifier', 'sourceDbClusterResourceId'] as const;

/** All that a target has to know about a cluster. */
export function bindCluster(scope: Construct, cluster: rds.IDatabaseCluster, options: ClusterSourceOptions): TunnelSourceConfig {
  return { ...describeCluster(cluster, options), secret: rdsSecret(scope, cluster, createdAs(cluster)) };
}

/**
 * What can be said of a cluster by itself.
 * @throws Error when an imported cluster was not given what is needed.
 */
export function describeCluster(cluster: rds.IDatabaseCluster, options: ClusterSourceOptions = {}): TunnelSourceConfig {
  checkEngine(options.engine);
  const writer = tryRead(() => cluster.clusterEndpoint);
  if (!writer) throw explainNotKnown('endpoint', cluster, 'clusterEndpointAddress and port');
  const engine = options.engine ?? cluster.engine?.engineType;
  if (!engine) throw explainNotKnown('engine', cluster, 'engine');

  const created = createdAs(cluster);
  return {
    kind: 'rds-cluster',
    name: cluster.clusterIdentifier,
    engine,
    port: created ? portOf({ resource: created, engine, origins: ORIGINS, attribute: created.attrEndpointPort }) : writer.port,
    writerHost: writer.hostname,
    readerHost: tryRead(() => cluster.clusterReadEndpoint)?.hostname,
    database: created?.databaseName,
    securityGroups: cluster.connections.securityGroups,
    rdsResourceId: tryRead(() => cluster.clusterResourceIdentifier),
    defaultTargetName: literalName(created?.dbClusterIdentifier ?? cluster.clusterIdentifier),
  };
}

function createdAs(cluster: rds.IDatabaseCluster): rds.CfnDBCluster | undefined {
  return resourceOf(cluster, rds.CfnDBCluster.isCfnDBCluster);
}
