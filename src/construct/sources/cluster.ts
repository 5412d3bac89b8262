import { Token } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { engineOf } from '../../engines';
import type { TunnelSourceConfig } from '../tunnel-source';

/**
 * What a tunnel has to know about a cluster.
 * @throws Error when an imported cluster was not given what is needed.
 */
export function describeCluster(cluster: rds.IDatabaseCluster): TunnelSourceConfig {
  const writer = tryEndpoint(() => cluster.clusterEndpoint);
  if (!writer) throw new Error(notKnown('endpoint', cluster, 'clusterEndpointAddress and port'));
  const engine = cluster.engine?.engineType;
  if (!engine) throw new Error(notKnown('engine', cluster, 'engine'));

  const created = cfnClusterOf(cluster);
  return {
    kind: 'rds-cluster',
    name: cluster.clusterIdentifier,
    engine,
    port: literalPort(created, engine) ?? writer.port,
    writerHost: writer.hostname,
    readerHost: tryEndpoint(() => cluster.clusterReadEndpoint)?.hostname,
    database: created?.databaseName,
    securityGroups: cluster.connections.securityGroups,
    defaultTargetName: literalIdentifier(created?.dbClusterIdentifier ?? cluster.clusterIdentifier),
  };
}

function notKnown(what: string, cluster: rds.IDatabaseCluster, attributes: string): string {
  return `the ${what} of the imported cluster "${cluster.node.path}" is not known; pass ${attributes} to fromDatabaseClusterAttributes`;
}

/** An imported cluster throws when it is asked for an endpoint that it was not given, and cannot be asked whether it was. */
function tryEndpoint(read: () => rds.Endpoint): rds.Endpoint | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function cfnClusterOf(cluster: rds.IDatabaseCluster): rds.CfnDBCluster | undefined {
  const child = cluster.node.defaultChild;
  return rds.CfnDBCluster.isCfnDBCluster(child) ? child : undefined;
}

/**
 * The port of a cluster that is created here, as a number where it can be known: that reads better in a template than a token, checks of
 * security group rules understand it, and no stack has to export it. A cluster restored from another one may have its port.
 */
function literalPort(created: rds.CfnDBCluster | undefined, engine: string): number | undefined {
  if (!created) return undefined;
  if (created.port !== undefined) return created.port;
  const isRestored = created.snapshotIdentifier !== undefined || created.sourceDbClusterIdentifier !== undefined;
  return isRestored ? undefined : engineOf(engine).defaultPort || undefined;
}

function literalIdentifier(identifier: string): string | undefined {
  return Token.isUnresolved(identifier) ? undefined : identifier.toLowerCase();
}
