import { Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { someVpc, testStack } from './support';
import { TunnelBastion, type TunnelBastionProps } from '../../src';

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

test.each([
  ['an empty exid', ''],
  ['a wildcard in the exid', 'bastion*'],
  ['a policy variable in the exid', '${aws:username}'],
  ['a space in the exid', 'my bastion'],
  ['an exid of 129 characters', 'x'.repeat(129)],
])('fails when it gets %s', (_, exid) => {
  expect(() => templateOf({ exid })).toThrow(new Error(
    `exid "${exid}" cannot be used: it must start with a letter or digit and hold only letters, digits and "_.:/=+-@", at most 128; pass another exid`));
});
