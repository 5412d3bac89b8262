import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { testApp, testStack } from '../support';
import { addBastion, createVpc, ISOLATED, lookUpVpc, PUBLIC, stackSomewhere, templateOf, warningIdsOf, warningsOf } from './support';

const INSTANCE = 'AWS::EC2::Instance';

function vpcOf(stack: Stack, attributes: Partial<ec2.VpcAttributes>): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], ...attributes });
}

test('it stands in a private subnet with egress', () => {
  const template = templateOf();
  template.hasResourceProperties(INSTANCE, { SubnetId: 'subnet-1', AvailabilityZone: 'a', NetworkInterfaces: Match.absent() });
});

test('its subnets can be chosen', () => {
  templateOf({ vpcSubnets: ISOLATED }).hasResourceProperties(INSTANCE, { SubnetId: 'subnet-3' });
  templateOf({ vpcSubnets: { availabilityZones: ['b'] } }).hasResourceProperties(INSTANCE, { SubnetId: 'subnet-2' });
});

test('it comes after the way out of its subnet', () => {
  const stack = testStack();
  templateOf({ vpc: createVpc(stack, ec2.SubnetType.PUBLIC, ec2.SubnetType.PRIVATE_WITH_EGRESS) }, stack).hasResource(INSTANCE, {
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('PrivateSubnet1DefaultRoute')]),
  });
});

test('in a public subnet it has a public address, comes after the way out, and has no way in', () => {
  const stack = testStack();
  const template = templateOf({ vpc: createVpc(stack, ec2.SubnetType.PUBLIC), vpcSubnets: PUBLIC }, stack);
  template.hasResource(INSTANCE, {
    Properties: { NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: { Ref: Match.stringLikeRegexp('PublicSubnet1') } }] },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('PublicSubnet1DefaultRoute')]),
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  expect(warningsOf(stack)).toEqual([]);
});

test('a public subnet that was imported by its id alone is known to be one', () => {
  const stack = testStack();
  const vpc = vpcOf(stack, { publicSubnetIds: ['subnet-5'] });
  templateOf({ vpc, vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-5')] } }, stack).hasResourceProperties(INSTANCE, {
    AvailabilityZone: 'a', NetworkInterfaces: [{ AssociatePublicIpAddress: true, SubnetId: 'subnet-5' }],
  });
});

test('a subnet that the VPC does not know is taken as it is', () => {
  const stack = testStack();
  const subnet = ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-9', availabilityZone: 'c' });
  templateOf({ vpcSubnets: { subnets: [subnet] } }, stack).hasResourceProperties(INSTANCE, {
    SubnetId: 'subnet-9', AvailabilityZone: 'c', NetworkInterfaces: Match.absent(),
  });
});

test.each<[string, Partial<ec2.VpcAttributes>, ec2.SubnetSelection | undefined, string]>([
  ['private subnets of a VPC that has none', { publicSubnetIds: ['subnet-5'], isolatedSubnetIds: ['subnet-3'] }, undefined,
    'the VPC has no private subnets with egress: it has isolated subnets and public subnets'],
  ['isolated subnets of a VPC that has none', { publicSubnetIds: ['subnet-5'] }, ISOLATED,
    'the VPC has no isolated subnets: it has public subnets'],
  ['public subnets of a VPC that has none', { privateSubnetIds: ['subnet-1'] }, PUBLIC,
    'the VPC has no public subnets: it has private subnets with egress'],
  ['a VPC whose subnets are not known', {}, undefined,
    'the VPC has no private subnets with egress: it has none that are known'],
  ['a zone without subnets', { privateSubnetIds: ['subnet-1'] }, { availabilityZones: ['z'] },
    'the VPC has no subnets that vpcSubnets asks for: it has private subnets with egress'],
])('fails when it gets %s', (_, attributes, vpcSubnets, message) => {
  const stack = testStack();
  expect(() => addBastion(stack, { vpc: vpcOf(stack, attributes), vpcSubnets })).toThrow(new Error(
    `${message}; pass other vpcSubnets; isolated ones (ec2.SubnetType.PRIVATE_ISOLATED) together with vpcEndpoints: true`));
});

test.each<[string, ec2.SubnetSelection | undefined]>([
  ['by default', undefined],
  ['in isolated subnets', ISOLATED],
  ['in public subnets', PUBLIC],
  ['in a zone', { availabilityZones: ['eu-central-1a'] }],
  ['in subnets by name', { subnetGroupName: 'databases' }],
])('a VPC that has yet to be looked up is neither refused nor warned of, %s', (_, vpcSubnets) => {
  for (const options of [{}, { highAvailability: true }, { vpcEndpoints: true }]) {
    const stack = stackSomewhere();
    addBastion(stack, { vpc: lookUpVpc(stack), vpcSubnets, ...options });
    expect(warningsOf(stack)).toEqual([]);
  }
});

test('a VPC that was looked up is taken for what it is', () => {
  const app = testApp();
  const subnet = (subnetId: string): object => ({ subnetId, availabilityZone: 'eu-central-1a', routeTableId: 'rtb-1', cidr: '10.0.0.0/24' });
  app.node.setContext('vpc-provider:account=123456789012:filter.vpc-id=vpc-2:region=eu-central-1:returnAsymmetricSubnets=true', {
    vpcId: 'vpc-2', vpcCidrBlock: '10.0.0.0/16', availabilityZones: [], subnetGroups: [{ name: 'Isolated', type: 'Isolated', subnets: [subnet('subnet-3')] }],
  });
  const [refused, taken] = ['Refused', 'Taken'].map((id) => stackSomewhere(id, app)) as [Stack, Stack];
  expect(() => addBastion(refused, { vpc: lookUpVpc(refused), exid: 'refused' })).toThrow('the VPC has no private subnets with egress: it has isolated subnets; pass other vpcSubnets');
  templateOf({ vpc: lookUpVpc(taken), vpcSubnets: ISOLATED }, taken).hasResourceProperties(INSTANCE, { SubnetId: 'subnet-3' });
  expect(warningIdsOf(taken)).toEqual(['tunnelable-rds-cluster:noWayOut']);
});
