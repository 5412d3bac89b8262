import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/** What a `TunnelSource` comes to: all that a target has to know about what it leads into. */
export interface TunnelSourceConfig {
  /** What kind of thing it is, such as `rds-cluster`. */
  readonly kind: string;

  /** What AWS calls it, such as the identifier of a cluster. */
  readonly name: string;

  /** The engine, by the name that AWS has for it, such as `aurora-postgresql`. By it `connect` knows how to ask whether it answers. */
  readonly engine: string;

  /** The port it listens on. May be a token. */
  readonly port: number;

  /** The host for reading and writing. */
  readonly writerHost: string;

  /**
   * The host for reading, which listens on the same port.
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
