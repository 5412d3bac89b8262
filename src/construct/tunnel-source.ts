import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { describeCluster } from './sources/cluster';

/** What a `TunnelSource` comes to: all that a target has to know about what it leads into. */
export interface TunnelSourceConfig {
  /** What kind of thing it is, such as `rds-cluster`. */
  readonly kind: string;

  /** What AWS calls it: the identifier of a cluster. */
  readonly name: string;

  /** The engine, by the name that RDS has for it, such as `aurora-postgresql`. */
  readonly engine: string;

  /** The port it listens on. May be a token. */
  readonly port: number;

  /** The host for reading and writing. */
  readonly writerHost: string;

  /**
   * The host for reading.
   *
   * @default - there is none
   */
  readonly readerHost?: string;

  /**
   * The database that people mean when they name none.
   *
   * @default - not known
   */
  readonly database?: string;

  /** The security groups that guard it. Each gets an ingress rule for the bastion. */
  readonly securityGroups: ec2.ISecurityGroup[];

  /**
   * The id that a permission to log in by IAM (`rds-db:connect`) names it by, such as `cluster-ABCDEFGHIJKL`.
   *
   * @default - nobody can be let in by IAM
   */
  readonly rdsResourceId?: string;

  /**
   * The secret with its administrator's password.
   *
   * @default - not known
   */
  readonly secret?: secretsmanager.ISecret;

  /**
   * What to call the target unless told otherwise.
   *
   * @default - the target has to be told its name
   */
  readonly defaultTargetName?: string;
}

/** What a target leads into. */
export abstract class TunnelSource {
  /**
   * A cluster of Aurora, created in this app or imported; or a Multi-AZ cluster of RDS, which the CDK can only import.
   * An imported one needs its endpoint, port, engine and security groups.
   *
   * @param cluster the cluster
   */
  public static cluster(cluster: rds.IDatabaseCluster): TunnelSource {
    return new ClusterSource(cluster);
  }

  /**
   * Called by the target that leads into this source.
   *
   * @param scope the target
   */
  public abstract bind(scope: Construct): TunnelSourceConfig;
}

class ClusterSource extends TunnelSource {
  constructor(private readonly cluster: rds.IDatabaseCluster) {
    super();
  }

  public bind(_scope: Construct): TunnelSourceConfig {
    return describeCluster(this.cluster);
  }
}
