import { Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { type ITunnelBastion, TunnelBastion, type TunnelBastionProps } from '../../../../src';
import { ACCOUNT, REGION, someVpc } from '../../support';
import { bastionIn, byPack, groupIn, PLACE, roleIn, targetIn, type Variant } from './variant';

type OptionsIn = (ours: Stack, theirs: Stack) => Partial<TunnelBastionProps>;

const ISOLATED: ec2.SubnetSelection = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

/** What can be asked of a bastion. */
const OPTIONS: Readonly<Record<string, OptionsIn>> = {
  'a bastion': () => ({}),
  'a bastion of another type': () => ({ instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.SMALL) }),
  'a bastion with a pinned image': () => ({ machineImage: ec2.MachineImage.fromSsmParameter('/images/pinned') }),
  'a bastion with an idle timeout': () => ({ idleTimeout: Duration.minutes(10) }),
  'a bastion that is always on': () => ({ alwaysOn: true }),
  'a bastion that heals itself': () => ({ highAvailability: true }),
  'a bastion with a key of another stack': (_, theirs) => ({ diskEncryptionKey: new kms.Key(theirs, 'Key') }),
  'a bastion that heals itself, with a key of another stack': (_, theirs) => ({ highAvailability: true, diskEncryptionKey: new kms.Key(theirs, 'Key') }),
  'a bastion with an imported key': (ours) => ({ diskEncryptionKey: kms.Key.fromKeyArn(ours, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`) }),
  'a bastion with a key that is known by its alias': (ours) => ({ diskEncryptionKey: kms.Alias.fromAliasName(ours, 'Key', 'alias/disks') }),
  'a bastion in isolated subnets': () => ({ vpcSubnets: ISOLATED }),
  'a bastion in isolated subnets with endpoints': () => ({ vpcSubnets: ISOLATED, vpcEndpoints: true }),
  'a bastion that heals itself, in isolated subnets with endpoints': () => ({ highAvailability: true, vpcSubnets: ISOLATED, vpcEndpoints: true }),
  'a bastion in a public subnet with endpoints': (ours) => ({ ...publicIn(ours), vpcEndpoints: true }),
};

function publicIn(stack: Stack): Pick<TunnelBastionProps, 'vpc' | 'vpcSubnets'> {
  return {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'PublicVpc', { vpcId: 'vpc-2', availabilityZones: ['a', 'b'], publicSubnetIds: ['subnet-5', 'subnet-6'] }),
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
  };
}

function addGrantee(ours: Stack, bastion: ITunnelBastion): void {
  targetIn(ours, { bastion }).grantConnect(roleIn(ours));
}

export const BASTIONS: Variant[] = [
  ...Object.entries(OPTIONS).map(([name, optionsIn]): Variant => ({
    name,
    build: (ours, theirs) => addGrantee(ours, bastionIn(ours, optionsIn(ours, theirs))),
  })),
  { name: 'a bastion that says where it goes', env: PLACE, build: (ours) => bastionIn(ours) },
  { name: 'a bastion in a VPC of the app', build: (ours, theirs) => bastionIn(ours, { vpc: new ec2.Vpc(theirs, 'TheirVpc') }) },
  {
    name: 'a bastion in a public subnet',
    build: (ours) => bastionIn(ours, publicIn(ours)),
    leftToTheApp: byPack(
      ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'], 'EC2InstanceNoPublicIp', 'This app has neither NAT nor endpoints.',
    ),
  },
  { name: 'a bastion that heals itself, in a public subnet', build: (ours) => bastionIn(ours, { ...publicIn(ours), highAvailability: true }) },
  {
    name: 'a bastion beside one that heals itself',
    build: (ours) => {
      const vpc = someVpc(ours);
      bastionIn(ours, { vpc });
      new TunnelBastion(ours, 'Other', { vpc, exid: 'other-bastion', highAvailability: true });
    },
  },
  {
    name: 'a bastion for several targets',
    build: (ours) => {
      const bastion = bastionIn(ours);
      for (const id of ['Orders', 'Billing', 'Search']) targetIn(ours, { bastion }, id);
    },
  },
  {
    name: 'a bastion of another app',
    build: (ours) => addGrantee(ours, TunnelBastion.fromTunnelBastionAttributes(ours, 'Bastion', { exid: 'vpc-main-bastion', securityGroup: groupIn(ours) })),
  },
];
