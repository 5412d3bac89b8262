import { Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { EXID_TAG } from '../descriptor';
import { createAgentRole } from './bastion/agent-role';
import { createGroup } from './bastion/group';
import { ImportedBastion } from './bastion/imported-bastion';
import { createInstance } from './bastion/instance';
import { chooseNetwork } from './bastion/network';
import type { TunnelBastionProps } from './bastion/options';
import { openWayOut } from './bastion/way-out';
import { checkExid } from './names';
import { orPassEnv, sharePlace } from './place';

export * from './bastion/options';

/** An instance that tunnels go through. */
export interface ITunnelBastion extends IConstruct, ec2.IConnectable {
  /** The external id: the value of the tag `exid`, by which `connect` finds the instance. */
  readonly exid: string;

  /** The security group of the instance. Targets add to it an egress rule each. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** The id of the instance, where it is known when the app is synthesized. Undefined for a group. */
  readonly instanceId?: string;

  /** Whether it is a group that heals itself: it is always on, nobody has to start it, and its instance is known by its tag only. */
  readonly highAvailability: boolean;

  /**
   * The customer key that its disk is encrypted with. Who starts the instance needs it.
   *
   * @default - the disk is encrypted with a key of AWS
   */
  readonly diskEncryptionKey?: kms.IKey;
}

/** What has to be known of a bastion that is made elsewhere. */
export interface TunnelBastionAttributes {
  /** Its external id: the value of the tag `exid`. */
  readonly exid: string;

  /** The security group of the instance. Targets add to it an egress rule each. */
  readonly securityGroup: ec2.ISecurityGroup;

  /**
   * The id of the instance: a hint that spares a look-up, and no harm once another has taken its place. Not together with `highAvailability`.
   *
   * @default - the instance is found by its tag
   */
  readonly instanceId?: string;

  /**
   * Whether it is a group: nobody is then allowed to start an instance, since it is always on.
   *
   * @default false
   */
  readonly highAvailability?: boolean;

  /**
   * The customer key that its disk is encrypted with. Who may start the instance has to be allowed to use it.
   *
   * @default - the disk is encrypted with a key of AWS
   */
  readonly diskEncryptionKey?: kms.IKey;
}

/**
 * A small instance that carries SSM sessions to databases, for one target or for many.
 *
 * Nobody logs in to it: it has no key pair and takes no connection. It may open connections to port 443 of anywhere, where Systems Manager
 * answers, or with `vpcEndpoints` to those alone, and to the ports of its targets. It stops itself when it is not used.
 */
export class TunnelBastion extends Construct implements ITunnelBastion, iam.IGrantable {
  /**
   * A bastion that is made elsewhere: in the same account and region as its targets, by another app or another stack of this one.
   *
   * @param scope where to put it in the construct tree
   * @param id what to call it there
   * @param attrs what has to be known of it
   */
  public static fromTunnelBastionAttributes(scope: Construct, id: string, attrs: TunnelBastionAttributes): ITunnelBastion {
    return new ImportedBastion(scope, id, attrs);
  }

  public readonly exid: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  public readonly instanceId?: string;
  public readonly highAvailability: boolean;
  public readonly diskEncryptionKey?: kms.IKey;

  /** The role of the instance: it may carry sessions. Grant it nothing that those who have a session should not have. */
  public readonly role: iam.IRole;

  /** The role of the instance, as what can be granted something. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** Lets others in the VPC, who ask Systems Manager too, into the endpoints. Undefined without `vpcEndpoints`. */
  public readonly endpointConnections?: ec2.Connections;

  /**
   * @param scope where to put it in the construct tree
   * @param id what to call it there
   * @param props where it stands, and what it is found by
   */
  constructor(scope: Construct, id: string, props: TunnelBastionProps) {
    super(scope, id);
    checkExid(props.exid);
    this.exid = props.exid;
    this.highAvailability = props.highAvailability ?? false;
    this.diskEncryptionKey = props.diskEncryptionKey;
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Tunnel bastion: nothing in, Systems Manager and the targets out',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.role = createAgentRole(this);
    this.grantPrincipal = this.role.grantPrincipal;
    const parts = { options: props, network: chooseNetwork(props), securityGroup: this.securityGroup, role: this.role };
    const machine = this.highAvailability ? createGroup(this, parts) : createInstance(this, parts);
    this.instanceId = machine instanceof ec2.Instance ? machine.instanceId : undefined;
    // Whatever an app tags all it has with, or takes away: without this tag nobody finds the bastion.
    Tags.of(machine).add(EXID_TAG, props.exid, { priority: 1000 });
    this.endpointConnections = openWayOut(this, machine, parts)?.connections;
    this.node.addValidation({ validate: () => this.findNamesakes() });
  }

  /** Other bastions that the same tag would find: a grant for one would be a grant for all of them. */
  private findNamesakes(): string[] {
    return this.node.root.node.findAll()
      .filter((other): other is TunnelBastion => other instanceof TunnelBastion && other !== this)
      .filter((other) => other.exid === this.exid && sharePlace(Stack.of(other), Stack.of(this)))
      .map((other) => `exid "${this.exid}" is also the exid of "${other.node.path}"; pass another exid, or share the bastion${orPassEnv(Stack.of(other), Stack.of(this))}`);
  }
}
