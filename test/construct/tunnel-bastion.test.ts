import { Lazy, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { TunnelBastion, type TunnelBastionProps } from '../../src';
import { ACCOUNT, REGION, someVpc, testApp, testStack } from './support';

function templateOf(props: Partial<TunnelBastionProps> = {}): Template {
  const stack = testStack();
  new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion', ...props });
  return Template.fromStack(stack);
}

function imageOf(template: Template): string {
  const [parameter] = Object.values(template.findParameters('*', { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' }));
  return parameter?.Default;
}

test('it is a small arm64 instance of the newest Amazon Linux 2023, in a private subnet', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::EC2::Instance', { InstanceType: 't4g.micro', SubnetId: 'subnet-1' });
  expect(imageOf(template)).toMatch(/al2023.*arm64$/);
});

test('it stands in a private subnet with egress, and not in one without', () => {
  const stack = testStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-3'], publicSubnetIds: ['subnet-5'] });
  expect(() => new TunnelBastion(stack, 'Bastion', { vpc, exid: 'vpc-main-bastion' })).toThrow("There are no 'Private' subnet groups in this VPC");
});

test('it is tagged with its exid, and nothing else is', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::EC2::Instance', { Tags: Match.arrayWith([{ Key: 'exid', Value: 'vpc-main-bastion' }]) });
  expect(JSON.stringify(template.toJSON()).match(/vpc-main-bastion/g)).toHaveLength(1);
});

test('an exid that is a tag of the whole app does not take the place of its own', () => {
  const stack = testStack();
  new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
  Tags.of(stack).add('exid', 'of-the-app');
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::Instance', { Tags: Match.arrayWith([{ Key: 'exid', Value: 'vpc-main-bastion' }]) });
});

test('nothing may connect to it, and it may connect to port 443 only', () => {
  const template = templateOf();
  template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: Match.absent(),
    SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'Systems Manager' }],
  });
});

test('its metadata takes version 2 only, one hop away, without a launch template', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::EC2::Instance', { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } });
  template.resourceCountIs('AWS::EC2::LaunchTemplate', 0);
});

test('its disk is encrypted', () => {
  templateOf().hasResourceProperties('AWS::EC2::Instance', {
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 8 } }],
  });
});

test('it has no key pair', () => {
  templateOf().hasResourceProperties('AWS::EC2::Instance', { KeyName: Match.absent() });
});

test('it runs no sshd, not even for what comes from itself', () => {
  templateOf().hasResourceProperties('AWS::EC2::Instance', { UserData: { 'Fn::Base64': '#!/bin/bash\nsystemctl disable --now sshd.service' } });
});

test('its role holds what the agent needs, in a policy of our own', () => {
  const template = templateOf();
  const [policyId] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
  template.resourceCountIs('AWS::IAM::Policy', 0);
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [{ Ref: policyId }], Policies: Match.absent() });
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [{
        Sid: 'CarrySessions',
        Effect: 'Allow',
        Action: [
          'ssm:UpdateInstanceInformation',
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        Resource: '*',
      }],
    },
  });
});

test('nothing in it has a name of its own', () => {
  const named = Object.values(templateOf().toJSON().Resources as Record<string, { Properties: object }>)
    .flatMap(({ Properties }) => Object.keys(Properties).filter((key) => key.endsWith('Name')));
  expect(named).toEqual([]);
});

test('user data that changes replaces the instance', () => {
  const idsAfter = (command?: string): string[] => {
    const stack = testStack();
    const bastion = new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
    if (command) (bastion.node.findChild('Instance') as ec2.Instance).addUserData(command);
    return Object.keys(Template.fromStack(stack).findResources('AWS::EC2::Instance'));
  };
  expect(idsAfter()).toEqual(idsAfter());
  expect(idsAfter('touch /tmp/x')).not.toEqual(idsAfter());
});

test('an instance type of another architecture gets its image', () => {
  const template = templateOf({ instanceType: new ec2.InstanceType('t3.small') });
  template.hasResourceProperties('AWS::EC2::Instance', { InstanceType: 't3.small' });
  expect(imageOf(template)).toMatch(/al2023.*x86_64$/);
});

test('image and subnets can be chosen', () => {
  templateOf({ machineImage: ec2.MachineImage.genericLinux({}), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })
    .hasResourceProperties('AWS::EC2::Instance', { SubnetId: 'subnet-3' });
});

test('an exid may have 256 characters', () => {
  const exid = 'x'.repeat(256);
  templateOf({ exid }).hasResourceProperties('AWS::EC2::Instance', { Tags: Match.arrayWith([{ Key: 'exid', Value: exid }]) });
});

test.each([
  ['an empty exid', ''],
  ['a wildcard in the exid', 'bastion*'],
  ['a policy variable in the exid', '${aws:username}'],
  ['a space in the exid', 'my bastion'],
  ['an exid of 257 characters', 'x'.repeat(257)],
])('fails when it gets %s', (_, exid) => {
  expect(() => templateOf({ exid })).toThrow(new Error(
    `exid "${exid}" cannot be used: it must start with a letter or digit and hold only letters, digits and "_.:/=+-@", at most 256; pass another exid`));
});

test('fails when the exid is a token', () => {
  expect(() => templateOf({ exid: Lazy.string({ produce: () => 'late' }) })).toThrow(new Error(
    'exid cannot be a token: people have to type it; pass a literal string'));
});

function addBastion(stack: Stack, id: string = 'Bastion'): void {
  new TunnelBastion(stack, id, { vpc: someVpc(stack, `${id}Vpc`), exid: 'vpc-main-bastion' });
}

const namesake = (path: string, other: string): string =>
  `[${path}] exid "vpc-main-bastion" is also the exid of "${other}"; pass another exid, or share the bastion`;

test('fails when two bastions of a stack have one exid', () => {
  const stack = testStack();
  addBastion(stack, 'One');
  addBastion(stack, 'Two');
  expect(() => Template.fromStack(stack)).toThrow(namesake('Stack/One', 'Stack/Two'));
});

test('fails when two bastions of nested stacks have one exid', () => {
  const stack = testStack();
  addBastion(new NestedStack(stack, 'One'));
  addBastion(new NestedStack(stack, 'Two'));
  expect(() => Template.fromStack(stack)).toThrow(namesake('Stack/One/Bastion', 'Stack/Two/Bastion'));
});

test('bastions of two regions, or of stacks that may go anywhere, may have one exid', () => {
  const app = testApp();
  for (const region of [REGION, 'us-east-1']) addBastion(new Stack(app, `In-${region}`, { env: { account: ACCOUNT, region } }));
  for (const id of ['Somewhere', 'Anywhere']) addBastion(new Stack(app, id));
  expect(() => app.synth()).not.toThrow();
});
