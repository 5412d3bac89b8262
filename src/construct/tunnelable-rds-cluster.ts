import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { DEFAULT_PREFIX } from '../descriptor';
import { chooseTargetName } from './names';
import { describeCluster } from './sources/cluster';
import { type ITunnelBastion, TunnelBastion, type TunnelBastionOptions, type TunnelBastionProps } from './tunnel-bastion';
import type { TunnelGrantOptions } from './tunnel-grant-options';
import { TunnelSource } from './tunnel-source';
import { TunnelTarget, type TunnelTargetOptions } from './tunnel-target';

/** Properties of a `TunnelableRdsCluster`. */
export interface TunnelableRdsClusterProps extends TunnelTargetOptions, TunnelBastionOptions {
  /**
   * The cluster to tunnel into: of this stack, of another one, or imported with its endpoint, port, engine and security groups. One that is
   * looked up does not know its engine: use a `TunnelTarget` with `TunnelSource.cluster(cluster, { engine })`.
   *
   * @default - made from `clusterProps`; exactly one of the two has to be passed
   */
  readonly cluster?: rds.IDatabaseCluster;

  /**
   * The cluster to make and to tunnel into. Removing this construct removes the cluster, by its removal policy.
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
   * @default - the target's name and `-bastion`, after the prefix where that is not the default one
   */
  readonly exid?: string;
}

/** What is about a bastion of its own, and means nothing to a shared one. The type says when one is missing. */
const OWN_BASTION_PROPS: Record<keyof TunnelBastionProps, true> = {
  vpc: true,
  exid: true,
  vpcSubnets: true,
  vpcEndpoints: true,
  instanceType: true,
  machineImage: true,
  diskSize: true,
  rootDeviceName: true,
  idleTimeout: true,
  alwaysOn: true,
  highAvailability: true,
  diskEncryptionKey: true,
};

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

  /** The target that leads into the cluster. */
  public readonly target: TunnelTarget;

  /**
   * @param scope where to put it in the construct tree
   * @param id what to call it there
   * @param props the cluster, and a bastion or the VPC for one
   */
  constructor(scope: Construct, id: string, props: TunnelableRdsClusterProps) {
    super(scope, id);
    checkProps(props);
    this.cluster = props.cluster ?? new rds.DatabaseCluster(this, 'Cluster', props.clusterProps!);
    this.targetName = chooseTargetName(props.targetName, describeCluster(this.cluster).defaultTargetName);
    this.bastion = props.bastion ?? new TunnelBastion(this, 'Bastion', {
      ...props,
      vpc: props.vpc ?? props.clusterProps!.vpc!,
      exid: props.exid ?? defaultExid(this.targetName, props.prefix),
    });
    this.target = new TunnelTarget(this, 'Target', {
      ...props,
      bastion: this.bastion,
      source: TunnelSource.cluster(this.cluster),
      targetName: this.targetName,
    });
  }

  /**
   * Lets a role, user or group connect to this cluster, start its bastion, and end and resume their own sessions. With `databaseUser` they are
   * let into the database too. See `TunnelTarget.grantConnect`.
   *
   * @param grantee who may connect: a role, a user or a group, of any stack
   * @param options what they may do beside that
   * @returns the statements that were granted
   */
  public grantConnect(grantee: iam.IGrantable, options: TunnelGrantOptions = {}): iam.Grant {
    return this.target.grantConnect(grantee, options);
  }

  /**
   * Lets a role, user or group list the targets. See `TunnelTarget.grantList`.
   *
   * @param grantee who may list them: a role, a user or a group, of any stack
   * @returns the statement that was granted
   */
  public grantList(grantee: iam.IGrantable): iam.Grant {
    return this.target.grantList(grantee);
  }

  /** The managed policy with what `grantConnect` grants, attached to nobody. See `TunnelTarget.connectPolicy`. */
  public get connectPolicy(): iam.IManagedPolicy {
    return this.target.connectPolicy;
  }

  /**
   * What `grantConnect` grants, as a document. See `TunnelTarget.connectPolicyDocument`.
   *
   * @param options what may be done beside connecting
   */
  public connectPolicyDocument(options: TunnelGrantOptions = {}): iam.PolicyDocument {
    return this.target.connectPolicyDocument(options);
  }
}

/** As apart from each other as the parameters of two targets are. */
function defaultExid(targetName: string, prefix: string = DEFAULT_PREFIX): string {
  return prefix === DEFAULT_PREFIX ? `${targetName}-bastion` : `${prefix.slice(1)}/${targetName}-bastion`;
}

function checkProps(props: TunnelableRdsClusterProps): void {
  if (props.cluster && props.clusterProps) throw new Error('cluster and clusterProps cannot be used together: got both; pass one of them');
  if (!props.cluster && !props.clusterProps) throw new Error('there is no cluster to tunnel into: got neither cluster nor clusterProps; pass one of them');
  if (props.bastion) {
    const misplaced = (Object.keys(OWN_BASTION_PROPS) as (keyof TunnelBastionProps)[]).filter((name) => props[name] !== undefined);
    if (misplaced.length > 0) throw new Error(`bastion and ${misplaced.join(', ')} cannot be used together: got both; pass ${misplaced.join(', ')} to the TunnelBastion`);
  } else if (!props.vpc && !props.clusterProps?.vpc) {
    throw new Error('there is no place for a bastion: got neither bastion nor vpc; pass one of them');
  }
}
