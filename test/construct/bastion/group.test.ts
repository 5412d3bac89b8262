import { Annotations, Fn, type Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { TunnelBastionProps } from '../../../src';
import { addTarget, descriptorOf, importedCluster, REGION, testStack } from '../support';
import { addBastion, createVpc, lookUpVpc, PUBLIC, stackSomewhere, templateOf, warningIdsOf, warningsOf } from './support';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';

const ONE_ZONE = 'highAvailability has one zone only, and ends with it; pass vpcSubnets of several zones [ack: tunnelable-rds-cluster:oneZone]';

function launchTemplateOf(template: Template): Record<string, any> {
  const [{ Properties }] = Object.values(template.findResources(LAUNCH_TEMPLATE));
  return Properties.LaunchTemplateData;
}

test('it is a group of one over all the zones of its subnets', () => {
  const template = templateOf({ highAvailability: true });
  template.resourceCountIs('AWS::EC2::Instance', 0);
  template.hasResourceProperties(GROUP, {
    MinSize: '1', DesiredCapacity: Match.absent(), MaxSize: '2', HealthCheckType: 'EC2', HealthCheckGracePeriod: 120, VPCZoneIdentifier: ['subnet-1', 'subnet-2'],
  });
});

test('its instance is as hardened as one that stands alone', () => {
  const template = templateOf({ highAvailability: true });
  const [groupId] = Object.keys(template.findResources('AWS::EC2::SecurityGroup'));
  const [profileId] = Object.keys(template.findResources('AWS::IAM::InstanceProfile'));
  template.hasResourceProperties(LAUNCH_TEMPLATE, {
    LaunchTemplateName: Match.absent(),
    LaunchTemplateData: {
      InstanceType: 't4g.micro',
      ImageId: { Ref: Match.stringLikeRegexp('al2023.*arm64') },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 8 } }],
      IamInstanceProfile: { Arn: { 'Fn::GetAtt': [profileId, 'Arn'] } },
      SecurityGroupIds: [{ 'Fn::GetAtt': [groupId, 'GroupId'] }],
      UserData: { 'Fn::Base64': '#!/bin/bash\nsystemctl disable --now sshd.service || true' },
      KeyName: Match.absent(),
      NetworkInterfaces: Match.absent(),
    },
  });
});

test('its instances are tagged with the exid, also where the app has another tag of that name', () => {
  const stack = testStack();
  addBastion(stack, { highAvailability: true });
  Tags.of(stack).add('exid', 'of-the-app');
  Template.fromStack(stack).hasResourceProperties(GROUP, {
    Tags: Match.arrayWith([{ Key: 'exid', Value: 'vpc-main-bastion', PropagateAtLaunch: true }]),
  });
});

test('whatever changes in the launch template brings a new instance before the old one goes', () => {
  const template = templateOf({ highAvailability: true });
  const [launchTemplateId] = Object.keys(template.findResources(LAUNCH_TEMPLATE));
  template.hasResource(GROUP, {
    Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: launchTemplateId }, Version: { 'Fn::GetAtt': [launchTemplateId, 'LatestVersionNumber'] } } },
    UpdatePolicy: { AutoScalingRollingUpdate: { MaxBatchSize: 1, MinInstancesInService: 1, PauseTime: 'PT3M' } },
  });
});

test('user data that changes makes a version of the launch template, and no other resource', () => {
  const machineImage = ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64, userData: ec2.UserData.custom('#!/bin/bash\ntouch /tmp/x') });
  const [before, after] = [templateOf({ highAvailability: true }), templateOf({ highAvailability: true, machineImage })];
  expect(Object.keys(after.toJSON().Resources)).toEqual(Object.keys(before.toJSON().Resources));
  expect(launchTemplateOf(after).UserData).not.toEqual(launchTemplateOf(before).UserData);
});

test('its image is looked up at each deployment, or pinned', () => {
  expect(launchTemplateOf(templateOf({ highAvailability: true })).ImageId.Ref).toMatch(/^SsmParameterValue/);
  const machineImage = ec2.MachineImage.genericLinux({ [REGION]: 'ami-1' });
  expect(launchTemplateOf(templateOf({ highAvailability: true, machineImage }, stackSomewhere())).ImageId).toBe('ami-1');
});

test('it says that it is a group, and knows no instance: neither does the descriptor', () => {
  const stack = testStack();
  const bastion = addBastion(stack, { highAvailability: true });
  expect([bastion.highAvailability, bastion.instanceId]).toEqual([true, undefined]);
  addTarget(stack, importedCluster(stack), { bastion });
  expect(descriptorOf(stack, 'imported-db').bastion).toEqual({ exid: 'vpc-main-bastion' });
});

test('one that is no group says so', () => {
  const bastion = addBastion(testStack());
  expect([bastion.highAvailability, bastion.instanceId]).toEqual([false, expect.any(String)]);
});

test('it may be said that it is always on, or that it is no group', () => {
  expect(templateOf({ highAvailability: true, alwaysOn: true }).toJSON()).toEqual(templateOf({ highAvailability: true }).toJSON());
  expect(templateOf({ highAvailability: false }).toJSON()).toEqual(templateOf().toJSON());
});

test('nothing in it has a name of its own', () => {
  const named = Object.values(templateOf({ highAvailability: true }).toJSON().Resources as Record<string, { Properties: object }>)
    .flatMap(({ Properties }) => Object.keys(Properties).filter((key) => key.endsWith('Name')));
  expect(named).toEqual([]);
});

test('it comes after the way out of its subnets', () => {
  const stack = testStack();
  addBastion(stack, { highAvailability: true, vpc: createVpc(stack, ec2.SubnetType.PUBLIC, ec2.SubnetType.PRIVATE_WITH_EGRESS) });
  const [{ DependsOn: before }] = Object.values(Template.fromStack(stack).findResources(GROUP));
  expect(before).toEqual(expect.arrayContaining([expect.stringMatching(/PrivateSubnet1DefaultRoute/), expect.stringMatching(/PrivateSubnet2DefaultRoute/)]));
});

test('in public subnets its instance has a public address, and no way in', () => {
  const stack = testStack();
  const template = templateOf({ highAvailability: true, vpc: createVpc(stack, ec2.SubnetType.PUBLIC), vpcSubnets: PUBLIC }, stack);
  expect(launchTemplateOf(template)).toMatchObject({
    NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [{ 'Fn::GetAtt': [expect.stringMatching(/^BastionSecurityGroup/), 'GroupId'] }] }],
  });
  expect(launchTemplateOf(template).SecurityGroupIds).toBeUndefined();
  template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
});

const listsOfTokens = (): ec2.VpcAttributes => ({
  vpcId: 'vpc-1', availabilityZones: Fn.getAzs(), privateSubnetIds: Fn.split(',', Fn.importValue('subnets')),
});

const attributes = (subnetCount: number): ec2.VpcAttributes => ({
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'].slice(0, subnetCount), privateSubnetIds: ['subnet-1', 'subnet-2'].slice(0, subnetCount),
});

test.each<[string, (stack: Stack) => Partial<TunnelBastionProps>]>([
  ['a VPC that was created with one zone', (stack) => ({ vpc: new ec2.Vpc(stack, 'OneZone', { maxAzs: 1 }) })],
  ['a VPC that was imported with one zone', (stack) => ({ vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', attributes(1)) })],
  ['two subnets of one zone', (stack) => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { ...attributes(1), isolatedSubnetIds: ['subnet-3'] }),
    vpcSubnets: { subnets: ['subnet-1', 'subnet-3'].map((id) => ec2.Subnet.fromSubnetId(stack, id, id)) },
    vpcEndpoints: true,
  })],
])('it warns of %s', (_, props) => {
  const stack = testStack();
  addBastion(stack, { highAvailability: true, ...props(stack) });
  expect(warningsOf(stack)).toContain(ONE_ZONE);
});

test.each<[string, (stack: Stack) => Partial<TunnelBastionProps>]>([
  ['a VPC of two zones that was created', (stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) })],
  ['a VPC of two zones that was imported', (stack) => ({ vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', attributes(2)) })],
  ['a VPC that has yet to be looked up', (stack) => ({ vpc: lookUpVpc(stack), vpcSubnets: { availabilityZones: ['dummy1a'] } })],
  ['subnets in a list that is known when it is deployed', (stack) => ({ vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', listsOfTokens()) })],
  ['subnets whose zones are not known', (stack) => ({ vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-9')] } })],
])('it does not warn of %s', (_, props) => {
  const stack = stackSomewhere();
  addBastion(stack, { highAvailability: true, ...props(stack) });
  expect(warningIdsOf(stack)).not.toContain('tunnelable-rds-cluster:oneZone');
});

test('one that stands alone has one zone, and nothing warns of it', () => {
  const stack = testStack();
  addBastion(stack, { vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', attributes(1)) });
  expect(warningsOf(stack)).toEqual([]);
});

test('nothing else warns of a group', () => {
  const stack = testStack();
  addBastion(stack, { highAvailability: true });
  expect(warningsOf(stack)).toEqual([]);
});

test('the warning can be acknowledged at the bastion', () => {
  const stack = testStack();
  const bastion = addBastion(stack, { highAvailability: true, vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', attributes(1)) });
  Annotations.of(bastion).acknowledgeWarning('tunnelable-rds-cluster:oneZone');
  expect(warningsOf(stack)).toEqual([]);
});
