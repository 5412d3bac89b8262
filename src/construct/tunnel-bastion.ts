import { Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { EXID_TAG } from '../descriptor';
import { createAgentRole } from './bastion/agent-role';
import { checkExid } from './names';
import { sharePlace } from './place';

/** An instance that tunnels go through. */
export interface ITunnelBastion extends IConstruct, ec2.IConnectable {
  /** The external id: the value of the tag `exid`, by which `connect` finds the instance. */
  readonly exid: string;

  /** The security group of the instance. Targets add to it an egress rule each. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** The id of the instance; undefined where it is not known when the app is synthesized. */
  readonly instanceId?: string;

  /** Whether it is a group that heals itself: it is always on, and nobody has to start it. */
  readonly highAvailability: boolean;

  /**
   * The customer key that its disk is encrypted with. Who starts the instance needs it.
   *
   * @default - the disk is encrypted with a key of AWS
   */
  readonly diskEncryptionKey?: kms.IKey;
}

/** What can be said about a bastion beside where it stands and what it is called. */
export interface TunnelBastionOptions {
  /**
   * The subnets to choose one from. The instance needs a way out to Systems Manager, by NAT or by VPC endpoints
   * (`ssm`, `ssmmessages`), and none in.
   *
   * @default - private subnets with egress
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The type of the instance. Each session that is open takes a process on it: take a larger one for many people at a time.
   *
   * @default - t4g.micro
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The image of the instance. It must bring the SSM agent, and call its root device `/dev/xvda`.
   * The default looks the newest image up at each deployment, and replaces the instance when there is a newer one;
   * its tag stays, so tunnels find the new one.
   *
   * @default - the newest Amazon Linux 2023 for the architecture of the instance type
   */
  readonly machineImage?: ec2.IMachineImage;
}

/** Properties of a `TunnelBastion`. */
export interface TunnelBastionProps extends TunnelBastionOptions {
  /** The VPC to stand in: the one of the databases to be reached. */
  readonly vpc: ec2.IVpc;

  /**
   * The external id: what the instance is tagged with (`exid`) and found by. Choose one that is unique in the account and region.
   * A literal that starts with a letter or digit, then has letters, digits, `_`, `.`, `:`, `/`, `=`, `+`, `-` and `@`, at most 256.
   */
  readonly exid: string;
}

/**
 * A small instance that carries SSM sessions to databases, for one target or for many.
 *
 * Nobody logs in to it: it has no key pair and takes no connection. It may open connections to port 443 of anywhere, where Systems Manager
 * answers, and to the ports of its targets.
 */
export class TunnelBastion extends Construct implements ITunnelBastion {
  public readonly exid: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  public readonly instanceId?: string;
  public readonly highAvailability = false;
  public readonly diskEncryptionKey?: kms.IKey;

  constructor(scope: Construct, id: string, props: TunnelBastionProps) {
    super(scope, id);
    checkExid(props.exid);
    this.exid = props.exid;
    this.securityGroup = this.createSecurityGroup(props.vpc);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    const instance = this.createInstance(props);
    this.instanceId = instance.instanceId;
    // Nobody logs in, by whatever way: not from within a forwarded port either.
    instance.userData.addCommands('systemctl disable --now sshd.service');
    Tags.of(instance).add(EXID_TAG, props.exid);
    this.node.addValidation({ validate: () => this.findNamesakes() });
  }

  /** Other bastions that the same tag would find: a grant for one would be a grant for all of them. */
  private findNamesakes(): string[] {
    return this.node.root.node.findAll()
      .filter((other): other is TunnelBastion => other instanceof TunnelBastion && other !== this)
      .filter((other) => other.exid === this.exid && sharePlace(Stack.of(other), Stack.of(this)))
      .map((other) => `exid "${this.exid}" is also the exid of "${other.node.path}"; pass another exid, or share the bastion`);
  }

  private createSecurityGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Tunnel bastion: nothing in, Systems Manager and the targets out',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Systems Manager');
    return securityGroup;
  }

  private createInstance(props: TunnelBastionProps): ec2.Instance {
    const instanceType = props.instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO);
    return new ec2.Instance(this, 'Instance', {
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      instanceType,
      machineImage: props.machineImage ?? newestAmazonLinux(instanceType),
      securityGroup: this.securityGroup,
      role: createAgentRole(this),
      httpTokens: ec2.HttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [{
        deviceName: '/dev/xvda',
        volume: ec2.BlockDeviceVolume.ebs(8, { volumeType: ec2.EbsDeviceVolumeType.GP3, encrypted: true }),
      }],
      userDataCausesReplacement: true,
    });
  }
}

function newestAmazonLinux(instanceType: ec2.InstanceType): ec2.IMachineImage {
  const isX86 = instanceType.architecture === ec2.InstanceArchitecture.X86_64;
  return ec2.MachineImage.latestAmazonLinux2023({ cpuType: isX86 ? ec2.AmazonLinuxCpuType.X86_64 : ec2.AmazonLinuxCpuType.ARM_64 });
}
