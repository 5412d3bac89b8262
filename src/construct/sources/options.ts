import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as rds from 'aws-cdk-lib/aws-rds';

/** What can be said about a cluster of RDS beside what it says of itself. */
export interface ClusterSourceOptions {
  /**
   * The engine, by the name that RDS has for it, such as `aurora-postgresql`. A cluster that was found by `fromLookup` does not know its own.
   *
   * @default - the engine of the cluster
   */
  readonly engine?: string;
}

/** What can be said about an instance of RDS beside what it says of itself. */
export interface InstanceSourceOptions {
  /**
   * The engine, by the name that RDS has for it, such as `postgres`. A read replica, and an instance that was found by `fromLookup`, does not
   * know its own.
   *
   * @default - the engine of the instance
   */
  readonly engine?: string;
}

/** What can be said about a proxy of RDS beside what it says of itself. */
export interface ProxySourceOptions {
  /**
   * The engine that its clients speak to: `postgres`, `mysql` or `sqlserver`. A proxy that was imported does not know it.
   *
   * @default - by the engine family of a proxy that is created in this app
   */
  readonly engine?: string;

  /**
   * An endpoint of the proxy that is for reading only, made by `proxy.addEndpoint` with the role `READ_ONLY`.
   * Where it has other security groups than the proxy, pass those of both as `securityGroups`.
   *
   * @default - there is none
   */
  readonly readerEndpoint?: rds.IDatabaseProxyEndpoint;

  /**
   * The security groups that guard the proxy. A proxy that was imported does not know them, even if it was imported with them.
   *
   * @default - those of a proxy that is created in this app
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** What has to be said about a resource that knows its security groups by their ids alone. */
export interface GuardedSourceOptions {
  /** The security groups that guard it. Each gets an ingress rule for the bastion. */
  readonly securityGroups: ec2.ISecurityGroup[];
}

/** What has to be said about a replication group of ElastiCache. */
export interface ReplicationGroupSourceOptions extends GuardedSourceOptions {
  /**
   * Whether its cluster mode is enabled. It then has a configuration endpoint, and otherwise a primary and a reader endpoint.
   * Pass it where a parameter group of your own, or a global datastore, enables it.
   *
   * @default - by its `clusterMode`, its number of shards, and the name of its parameter group
   */
  readonly clusterMode?: boolean;
}

/** What can be said about a domain of OpenSearch beside what it says of itself. */
export interface OpenSearchSourceOptions {
  /**
   * The security groups that guard the domain. A domain that was imported does not know them.
   *
   * @default - those of a domain that is created in this app
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** What a tunnel into any host leads to. */
export interface HostSourceOptions {
  /** The name or the IP address of the host, as the bastion is to look it up. */
  readonly host: string;

  /**
   * The port it listens on.
   *
   * @default - the usual port of `engine`; one of the two has to be passed
   */
  readonly port?: number;

  /**
   * What it is called.
   *
   * @default - it is called by its host, and the target has to be told its name
   */
  readonly name?: string;

  /**
   * The host for reading, which listens on the same port.
   *
   * @default - there is none
   */
  readonly readerHost?: string;

  /**
   * What listens there: an engine of RDS by the name that RDS has for it, such as `postgres`, or else `redis`, `valkey`, `memcached`, `docdb`,
   * `redshift`, `opensearch`, `https`, `sqlserver` or `oracle`. It says how `connect` asks whether it answers, and which local port it takes.
   *
   * @default - not known: it answers when it keeps a connection
   */
  readonly engine?: string;

  /**
   * The database that people mean when they name none.
   *
   * @default - not known
   */
  readonly database?: string;

  /**
   * The security groups that guard it. Each gets an ingress rule for the bastion.
   *
   * @default - not known: let the bastion in yourself, and let it out to the host
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}
