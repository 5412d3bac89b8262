import { Lazy, NestedStack, Size, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { TunnelBastion, type TunnelBastionProps } from '../../src';
import { addBastion, templateOf, warningsOf } from './bastion/support';
import { ACCOUNT, REGION, someVpc, testApp, testStack } from './support';

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

test('nothing warns of it', () => {
  const stack = testStack();
  addBastion(stack);
  expect(warningsOf(stack)).toEqual([]);
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

test('its role can be granted something', () => {
  const stack = testStack();
  const bastion = addBastion(stack);
  expect(bastion.grantPrincipal).toBe(bastion.role);
  s3.Bucket.fromBucketName(stack, 'Bucket', 'tools').grantRead(bastion);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Roles: [{ Ref: Match.stringLikeRegexp('^BastionRole') }] });
});

test('connections can be allowed to it', () => {
  const stack = testStack();
  addBastion(stack).connections.allowToAnyIpv4(ec2.Port.tcp(80), 'Packages');
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: Match.arrayWith([Match.objectLike({ FromPort: 80, Description: 'Packages' })]),
  });
});

test.each<[string, Partial<TunnelBastionProps>]>([
  ['an instance', {}],
  ['a group', { highAvailability: true }],
  ['one with endpoints', { vpcEndpoints: true }],
])('two syntheses of %s are identical', (_, props) => {
  expect(JSON.stringify(templateOf(props).toJSON())).toBe(JSON.stringify(templateOf(props).toJSON()));
});

test('nothing in it has a name of its own', () => {
  const named = Object.values(templateOf().toJSON().Resources as Record<string, { Properties: object }>)
    .flatMap(({ Properties }) => Object.keys(Properties).filter((key) => key.endsWith('Name')));
  expect(named).toEqual([]);
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

const namesake = (path: string, other: string): string =>
  `[${path}] exid "vpc-main-bastion" is also the exid of "${other}"; pass another exid, or share the bastion`;

test('fails when two bastions of a stack have one exid', () => {
  const stack = testStack();
  addBastion(stack, {}, 'One');
  addBastion(stack, {}, 'Two');
  expect(() => Template.fromStack(stack)).toThrow(namesake('Stack/One', 'Stack/Two'));
});

test('fails when two bastions of nested stacks have one exid', () => {
  const stack = testStack();
  addBastion(new NestedStack(stack, 'One'));
  addBastion(new NestedStack(stack, 'Two'));
  expect(() => Template.fromStack(stack)).toThrow(namesake('Stack/One/Bastion', 'Stack/Two/Bastion'));
});

test('bastions of two regions, or of two stages, may have one exid', () => {
  const app = testApp();
  for (const region of [REGION, 'us-east-1']) addBastion(new Stack(app, `In-${region}`, { env: { account: ACCOUNT, region } }));
  for (const id of ['Staging', 'Production']) addBastion(new Stack(new Stage(app, id), 'Stack'));
  expect(() => app.synth()).not.toThrow();
});

test('fails when bastions of two stacks that do not say where they go have one exid', () => {
  const app = testApp();
  for (const id of ['One', 'Two']) addBastion(new Stack(app, id));
  expect(() => app.synth()).toThrow(`${namesake('One/Bastion', 'Two/Bastion')}, or pass env to both stacks if they go to different places`);
});

test('no tag of the whole app takes the place of its own', () => {
  const app = testApp();
  const stack = new Stack(app, 'Stack');
  addBastion(stack);
  Tags.of(app).add('exid', 'of-the-app', { priority: 300 });
  Tags.of(app).remove('exid');
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::Instance', {
    Tags: Match.arrayWith([{ Key: 'exid', Value: 'vpc-main-bastion' }]), PropagateTagsToVolumeOnCreation: true,
  });
});

test('its disk is as large and called as the image wants it', () => {
  const stack = testStack();
  addBastion(stack, { diskSize: Size.gibibytes(30), rootDeviceName: '/dev/sda1' });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::Instance', {
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true, VolumeSize: 30, VolumeType: 'gp3' } }],
  });
});
