import type * as docdb from 'aws-cdk-lib/aws-docdb';
import type * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as redshift from 'aws-cdk-lib/aws-redshift';
import type * as redshiftserverless from 'aws-cdk-lib/aws-redshiftserverless';
import type { Construct } from 'constructs';
import { bindCacheCluster } from './sources/cache-cluster';
import { bindCluster } from './sources/cluster';
import type { TunnelSourceConfig } from './sources/config';
import { bindDocumentDb } from './sources/document-db';
import { describeHost } from './sources/host';
import { bindInstance } from './sources/instance';
import { bindOpenSearch } from './sources/open-search';
import type {
  ClusterSourceOptions, GuardedSourceOptions, HostSourceOptions, InstanceSourceOptions, OpenSearchSourceOptions, ProxySourceOptions,
  ReplicationGroupSourceOptions,
} from './sources/options';
import { bindProxy } from './sources/proxy';
import { bindRedshift, bindRedshiftServerless } from './sources/redshift';
import { bindReplicationGroup } from './sources/replication-group';
import { bindServerlessCache } from './sources/serverless-cache';

export * from './sources/config';
export * from './sources/options';

/** What a target leads into. */
export abstract class TunnelSource {
  /**
   * A cluster of Aurora, created in this app or imported; or a Multi-AZ cluster of RDS, which the CDK can only import.
   * An imported one needs its endpoint, port, engine and security groups.
   *
   * @param cluster the cluster
   * @param options what it does not say of itself
   */
  public static cluster(cluster: rds.IDatabaseCluster, options: ClusterSourceOptions = {}): TunnelSource {
    return new BoundSource((scope) => bindCluster(scope, cluster, options));
  }

  /**
   * A single instance of RDS, of whatever engine, created in this app or imported; or a read replica, which is a target of its own.
   *
   * @param instance the instance
   * @param options what it does not say of itself
   */
  public static instance(instance: rds.IDatabaseInstance, options: InstanceSourceOptions = {}): TunnelSource {
    return new BoundSource((scope) => bindInstance(scope, instance, options));
  }

  /**
   * A proxy of RDS, created in this app or imported. It listens on the usual port of its engine, whatever that of the database.
   * Unless told otherwise it wants TLS; its certificate is not for 127.0.0.1, so let clients verify the authority and not the host name
   * (`sslmode=verify-ca`).
   *
   * @param proxy the proxy
   * @param options what it does not say of itself
   */
  public static proxy(proxy: rds.IDatabaseProxy, options: ProxySourceOptions = {}): TunnelSource {
    return new BoundSource((scope) => bindProxy(scope, proxy, options));
  }

  /**
   * A replication group of ElastiCache, of Valkey or Redis: its primary and its reader endpoint, or the configuration endpoint where its
   * cluster mode is enabled. The tunnel then leads to one node: a client that is told to go to another one cannot follow.
   * Whether it wants TLS, `connect` finds out by itself; clients have to be told.
   *
   * @param group the replication group
   * @param options what it does not say of itself
   */
  public static replicationGroup(group: elasticache.CfnReplicationGroup, options: ReplicationGroupSourceOptions): TunnelSource {
    return new BoundSource(() => bindReplicationGroup(group, options));
  }

  /**
   * A cluster of ElastiCache without replicas: a single node of Valkey or Redis, or Memcached, of which the tunnel leads to one node.
   *
   * @param cluster the cluster
   * @param options what it does not say of itself
   */
  public static cacheCluster(cluster: elasticache.CfnCacheCluster, options: GuardedSourceOptions): TunnelSource {
    return new BoundSource(() => bindCacheCluster(cluster, options));
  }

  /**
   * A serverless cache of ElastiCache, of Valkey, Redis or Memcached. It speaks TLS only.
   * The tunnel leads to the port for reading and writing, and not to the one for reading.
   *
   * @param cache the serverless cache
   * @param options what it does not say of itself
   */
  public static serverlessCache(cache: elasticache.CfnServerlessCache, options: GuardedSourceOptions): TunnelSource {
    return new BoundSource(() => bindServerlessCache(cache, options));
  }

  /**
   * A domain of OpenSearch in a VPC, created in this app or imported: its API and its dashboards, by HTTPS.
   *
   * @param domain the domain
   * @param options what it does not say of itself
   */
  public static openSearch(domain: opensearch.IDomain, options: OpenSearchSourceOptions = {}): TunnelSource {
    return new BoundSource(() => bindOpenSearch(domain, options));
  }

  /**
   * A cluster of DocumentDB, created in this app or imported with its endpoint, port and security group.
   * Clients must not look for the other members of the cluster, which the tunnel does not lead to (`directConnection=true`).
   *
   * @param cluster the cluster
   */
  public static documentDb(cluster: docdb.IDatabaseCluster): TunnelSource {
    return new BoundSource(() => bindDocumentDb(cluster));
  }

  /**
   * A cluster of Redshift.
   *
   * @param cluster the cluster
   * @param options what it does not say of itself
   */
  public static redshift(cluster: redshift.CfnCluster, options: GuardedSourceOptions): TunnelSource {
    return new BoundSource((scope) => bindRedshift(scope, cluster, options));
  }

  /**
   * A workgroup of Redshift Serverless. Pass its database to the target: it is the namespace that knows it.
   *
   * @param workgroup the workgroup
   * @param options what it does not say of itself
   */
  public static redshiftServerless(workgroup: redshiftserverless.CfnWorkgroup, options: GuardedSourceOptions): TunnelSource {
    return new BoundSource(() => bindRedshiftServerless(workgroup, options));
  }

  /**
   * Any host and port that the bastion can reach: another database, a service, or any of the above that was made elsewhere.
   *
   * @param options where it is, and what is known of it
   */
  public static host(options: HostSourceOptions): TunnelSource {
    const config = describeHost(options);
    return new BoundSource(() => config);
  }

  /**
   * Called by the target that leads into this source.
   *
   * @param scope the target
   */
  public abstract bind(scope: Construct): TunnelSourceConfig;
}

class BoundSource extends TunnelSource {
  constructor(private readonly describe: (scope: Construct) => TunnelSourceConfig) {
    super();
  }

  public bind(scope: Construct): TunnelSourceConfig {
    return this.describe(scope);
  }
}
