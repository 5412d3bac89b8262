import * as docdb from 'aws-cdk-lib/aws-docdb';
import type { TunnelSourceConfig } from './config';
import { portOf } from './port';
import { explainNotKnown, literalName, resourceOf, tryRead } from './resource';
import { secretOf } from './secret';

const ENGINE = 'docdb';

/** What a cluster may have its port from. */
const ORIGINS = ['snapshotIdentifier', 'sourceDbClusterIdentifier'] as const;

/**
 * All that a target has to know about a cluster of DocumentDB.
 * @throws Error when an imported cluster was not given its endpoint
 */
export function bindDocumentDb(cluster: docdb.IDatabaseCluster): TunnelSourceConfig {
  const writer = tryRead(() => cluster.clusterEndpoint);
  if (!writer) throw explainNotKnown('endpoint', cluster, 'clusterEndpointAddress and port');
  const created = resourceOf(cluster, docdb.CfnDBCluster.isCfnDBCluster);
  return {
    kind: 'docdb-cluster',
    name: cluster.clusterIdentifier,
    engine: ENGINE,
    port: created ? portOf({ resource: created, engine: ENGINE, origins: ORIGINS, attribute: created.attrPort }) : writer.port,
    writerHost: writer.hostname,
    readerHost: tryRead(() => cluster.clusterReadEndpoint)?.hostname,
    securityGroups: cluster.connections.securityGroups,
    secret: secretOf(cluster),
    defaultTargetName: literalName(created?.dbClusterIdentifier ?? cluster.clusterIdentifier),
  };
}
