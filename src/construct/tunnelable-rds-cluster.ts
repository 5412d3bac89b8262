import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { describeCluster } from './sources/cluster';
import { chooseTargetName } from './names';
import { type ITunnelBastion, TunnelBastion, type TunnelBastionOptions } from './tunnel-bastion';
import { TunnelSource } from './tunnel-source';
import { TunnelTarget, type TunnelTargetOptions } from './tunnel-target';

/** Properties of a `TunnelableRdsCluster`. */
export interface TunnelableRdsClusterProps extends TunnelTargetOptions, TunnelBastionOptions {
  /**
   * The cluster to tunnel into: of this stack, of another one, or imported with its endpoint, port, engine and security groups.
   *
   * @default - made from `clusterProps`; exactly one of the two has to be passed
   */
  readonly cluster?: rds.IDatabaseCluster;

  /**
   * The cluster to make and to tunnel into.
   *
   * @default - `cluster` is used; exactly one of the two has to be passed
   */
  readonly clusterProps?: rds.DatabaseClusterProps;

  /**
   * A bastion to share with other targets.
   *
   * @default - a bastion of its own
   */
  readonly bastion?: ITunnelBastion;

  /**
   * The VPC for a bastion of its own. Not together with `bastion`.
   *
   * @default - the VPC of `clusterProps`; with `cluster`, either this or `bastion` has to be passed
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The external id of a bastion of its own. Not together with `bastion`.
   *
   * @default - the target's name and `-bastion`
   */
  readonly exid?: string;
}

/** What is about a bastion of its own, and means nothing to a shared one. */
const OWN_BASTION_PROPS = ['vpc', 'exid', 'vpcSubnets', 'instanceType', 'machineImage'] as const;

/**
 * A database cluster that one can reach with `npx connect <name>`: a bastion, shared or its own, and a target that leads into the cluster.
 */
export class TunnelableRdsCluster extends Construct {
  /** The cluster: the one that was passed, or the one that was made. */
  public readonly cluster: rds.IDatabaseCluster;

  /** The bastion that one goes through: the shared one, or its own. */
  public readonly bastion: ITunnelBastion;

  /** What people type: `npx connect <targetName>`. */
  public readonly targetName: string;

  private readonly target: TunnelTarget;

  constructor(scope: Construct, id: string, props: TunnelableRdsClusterProps) {
    super(scope, id);
    checkProps(props);
    this.cluster = props.cluster ?? new rds.DatabaseCluster(this, 'Cluster', props.clusterProps!);
    this.targetName = chooseTargetName(props.targetName, describeCluster(this.cluster).defaultTargetName);
    this.bastion = props.bastion ?? new TunnelBastion(this, 'Bastion', {
      vpc: props.vpc ?? props.clusterProps!.vpc!,
      exid: props.exid ?? `${this.targetName}-bastion`,
      vpcSubnets: props.vpcSubnets,
      instanceType: props.instanceType,
      machineImage: props.machineImage,
    });
    this.target = new TunnelTarget(this, 'Target', {
      bastion: this.bastion,
      source: TunnelSource.cluster(this.cluster),
      targetName: this.targetName,
      prefix: props.prefix,
      database: props.database,
    });
  }

  /**
   * Lets a role, user or group connect to this cluster, start its bastion, and end and resume their own sessions.
   * Being let into the database is another matter: see `cluster.grantConnect`.
   *
   * @param grantee who may connect: a role, a user or a group, of any stack
   */
  public grantConnect(grantee: iam.IGrantable): iam.Grant {
    return this.target.grantConnect(grantee);
  }
}

function checkProps(props: TunnelableRdsClusterProps): void {
  if (props.cluster && props.clusterProps) throw new Error('cluster and clusterProps cannot be used together: got both; pass one of them');
  if (!props.cluster && !props.clusterProps) throw new Error('there is no cluster to tunnel into: got neither cluster nor clusterProps; pass one of them');
  if (props.bastion) {
    const misplaced = OWN_BASTION_PROPS.filter((name) => props[name] !== undefined);
    if (misplaced.length > 0) throw new Error(`bastion and ${misplaced.join(', ')} cannot be used together: got both; pass ${misplaced.join(', ')} to the TunnelBastion`);
  } else if (!props.vpc && !props.clusterProps?.vpc) {
    throw new Error('there is no place for a bastion: got neither bastion nor vpc; pass one of them');
  }
}
