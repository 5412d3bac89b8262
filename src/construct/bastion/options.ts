import type { Duration, Size } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';

/** What can be said about a bastion beside where it stands and what it is called. */
export interface TunnelBastionOptions {
  /**
   * Where it stands: one of these subnets, or with `highAvailability` all of them. It needs a way out to Systems Manager, and none in:
   * private subnets have NAT, in public ones it gets a public address, in isolated ones there have to be VPC endpoints (see `vpcEndpoints`).
   *
   * @default - private subnets with egress
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Whether to make the VPC endpoints that the SSM agent needs, `ssm` and `ssmmessages`: in the subnet of the instance, with `highAvailability` in
   * one subnet of each zone. The bastion may then connect to them and to its targets, and to nothing else. AWS bills each endpoint by zone and
   * hour, whether the bastion runs or not.
   *
   * They take the names of Systems Manager for the whole VPC, so one bastion of a VPC can have them, and whatever else in the VPC asks Systems
   * Manager asks them too. They let in the bastion only: let others in by `endpointConnections`. The VPC has to have DNS support and DNS hostnames.
   * Not for a VPC that has such endpoints: let the bastion into the security group of those.
   *
   * @default false
   */
  readonly vpcEndpoints?: boolean;

  /**
   * The type of the instance. Each session that is open takes a process on it: take a larger one for many people at a time. The
   * default image follows its architecture.
   *
   * @default - t4g.micro
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The image of the instance: a Linux that brings systemd and the SSM agent. User data that comes with it has to be a shell script; it is run
   * after the bastion's own. See `diskSize` and `rootDeviceName` for one that is not Amazon Linux.
   *
   * The default looks the newest image up at each deployment. When there is a newer one, the deployment replaces the instance: that is how
   * security updates get in. The new instance comes first; when the old one goes, connections through it break, and the next connection
   * to the same local port goes through the new one, found by its tag.
   *
   * A pinned image (`ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64, cachedInContext: true })`, for which the stack
   * needs `env`, or a fixed one) replaces the instance only when you change the pin. No deployment then breaks a connection for an update, and updates are up to you.
   *
   * @default - the newest Amazon Linux 2023 for the architecture of the instance type
   */
  readonly machineImage?: ec2.IMachineImage;

  /**
   * The size of its disk, at least that of the image. All that an idle bastion costs.
   *
   * @default Size.gibibytes(8)
   */
  readonly diskSize?: Size;

  /**
   * What the image calls its root device, such as `/dev/sda1`: another one would be a second disk, and the first not encrypted.
   *
   * @default - /dev/xvda, as Amazon Linux does
   */
  readonly rootDeviceName?: string;

  /**
   * After how long without a session the instance stops itself: whole minutes, at least 5. Make it longer where waiting for a start disturbs
   * people. `connect` starts it again. While it is stopped it costs its disk. A change of it replaces the instance. Not together with `alwaysOn` or `highAvailability`.
   *
   * @default Duration.minutes(30)
   */
  readonly idleTimeout?: Duration;

  /**
   * Whether the instance never stops itself: for jobs that cannot wait for a start, which takes up to a minute or so. It costs its hours.
   *
   * @default false
   */
  readonly alwaysOn?: boolean;

  /**
   * Whether it is an Auto Scaling group of one over the zones of `vpcSubnets`, which replaces its instance when that or its zone fails (not when its
   * agent does: EC2 sees machines only): for
   * people who cannot wait for a deployment then. It is always on: a group takes an instance that powers itself off for broken.
   *
   * @default false
   */
  readonly highAvailability?: boolean;

  /**
   * The customer key to encrypt the disk with, of the same account: take one where a policy demands it. Grants then allow starting the instance
   * with it, and a change of it replaces the instance. A key that was created in this app is told to let groups use it
   * (`highAvailability`); an imported one you have to tell yourself. The account then needs the role `AWSServiceRoleForAutoScaling`, which AWS
   * makes with the first group; before, `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com` does.
   *
   * @default - the disk is encrypted with a key of AWS
   */
  readonly diskEncryptionKey?: kms.IKey;
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
