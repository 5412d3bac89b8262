import { AwsError } from '../aws-error';
import type { Caller } from '../credentials';
import { awsQuery } from '../protocols/aws-query';
import type { Cluster, Clusters } from '../state/clusters';
import { page } from './pages';
import type { Service } from './service';

interface DescribeDBClustersInput {
  readonly DBClusterIdentifier?: string;
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly MaxRecords?: string;
  readonly Marker?: string;
}

const FILTERS: Readonly<Record<string, (cluster: Cluster) => readonly string[]>> = {
  'db-cluster-id': (cluster) => [cluster.identifier, cluster.arn],
  'db-cluster-resource-id': (cluster) => [cluster.resourceId],
  'engine': (cluster) => [cluster.engine],
};

export function rds(clusters: Clusters): Service {
  return {
    name: 'rds',
    protocol: awsQuery('http://rds.amazonaws.com/doc/2014-10-31/'),
    operations: {
      DescribeDBClusters: (input: DescribeDBClustersInput, caller) => {
        const found = filter(identified(clusters.in(caller), input.DBClusterIdentifier), input.Filters ?? []);
        const { items, next } = page(found, pageSize(input.MaxRecords), input.Marker, () => invalid('The provided marker is not valid.'));
        return { DBClusters: { DBCluster: items.map((cluster) => describe(cluster, caller)) }, Marker: next };
      },
    },
  };
}

/** Identifiers are kept in lower case, and asked for in any. */
function identified(clusters: Cluster[], identifier?: string): Cluster[] {
  if (identifier === undefined) return clusters;
  const found = clusters.filter((cluster) => cluster.identifier === identifier.toLowerCase() || cluster.arn === identifier);
  if (found.length === 0) throw new AwsError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`);
  return found;
}

function filter(clusters: Cluster[], filters: NonNullable<DescribeDBClustersInput['Filters']>): Cluster[] {
  return clusters.filter((cluster) => filters.every(({ Name, Values }) => {
    const valuesOf = FILTERS[Name];
    if (valuesOf === undefined) throw invalid(`Unrecognized filter name: ${Name}`);
    return valuesOf(cluster).some((value) => Values.includes(value));
  }));
}

function pageSize(maxRecords = '100'): number {
  const size = Number(maxRecords);
  if (!(size >= 20 && size <= 100)) throw invalid(`Invalid value ${maxRecords} for MaxRecords. Must be between 20 and 100`);
  return size;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

function describe(cluster: Cluster, { region }: Caller): object {
  return {
    AllocatedStorage: 1,
    AvailabilityZones: { AvailabilityZone: ['a', 'b', 'c'].map((zone) => `${region}${zone}`) },
    BackupRetentionPeriod: 1,
    DatabaseName: cluster.databaseName,
    DBClusterIdentifier: cluster.identifier,
    DBClusterParameterGroup: `default.${cluster.engine}`,
    Status: cluster.status,
    Endpoint: cluster.endpoint,
    ReaderEndpoint: cluster.readerEndpoint,
    MultiAZ: cluster.members.length > 1,
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    EngineMode: 'provisioned',
    Port: cluster.port,
    MasterUsername: 'postgres',
    DBClusterMembers: {
      DBClusterMember: cluster.members.map(({ identifier, isWriter }) => ({
        DBInstanceIdentifier: identifier, IsClusterWriter: isWriter, DBClusterParameterGroupStatus: 'in-sync', PromotionTier: 1,
      })),
    },
    StorageEncrypted: true,
    DbClusterResourceId: cluster.resourceId,
    DBClusterArn: cluster.arn,
    IAMDatabaseAuthenticationEnabled: cluster.isIamAuthenticationEnabled,
    ClusterCreateTime: cluster.createdAt,
    DeletionProtection: false,
    HttpEndpointEnabled: false,
    TagList: {},
  };
}
