import { type DBCluster, DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { Problem } from '../../problem';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

/** An RDS cluster, as far as one needs it to reach it. */
export interface DeclaredAwsRdsCluster {
  readonly name: string;
  readonly host: { readonly writer: string; readonly reader?: string };
  readonly port: number;
  readonly engine: string;
  /** The database that was made with it. */
  readonly database?: string;
  readonly account: string;
  readonly region: string;
  /** In RDS's own words: `available`, `stopped`, ... */
  readonly status: string;
}

/** What RDS says of a cluster, in our words. @throws Problem NOT_FOUND when it has no endpoint, as while it is made */
export function castToDeclaredAwsRdsCluster({ cluster }: { cluster: DBCluster }): DeclaredAwsRdsCluster {
  const { DBClusterIdentifier: name, Endpoint: writer, ReaderEndpoint: reader, Port: port, Engine: engine, DBClusterArn: arn, Status: status = 'unknown' } = cluster;
  if (!name || !writer || !port || !engine || !arn) {
    throw new Problem('NOT_FOUND', `cluster ${name} has no endpoint: its status is "${status}"`, { next: 'wait until it is available, and type the same again' });
  }
  const [, , , region, account] = arn.split(':') as [string, string, string, string, string];
  return { name, host: { writer, reader }, port, engine, database: cluster.DatabaseName, account, region, status };
}

/** Looks a cluster up by its identifier. @returns null when there is none */
export async function getRdsCluster({ by: { name } }: { by: { name: string } }, context: AwsContext): Promise<DeclaredAwsRdsCluster | null> {
  const client = await clientOf(RDSClient, context);
  const cluster = await callAws<DBCluster | undefined>({
    call: 'rds:DescribeDBClusters',
    answers: { DBClusterNotFoundFault: undefined, DBClusterNotFound: undefined },
  }, context, async (options) => (await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }), options)).DBClusters?.[0]);
  return cluster === undefined ? null : castToDeclaredAwsRdsCluster({ cluster });
}
