import { Lazy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { type ITunnelBastion, TunnelableRdsCluster, TunnelBastion, type TunnelBastionAttributes } from '../../../src';
import { ACCOUNT, addTarget, descriptorOf, importedCluster, REGION, testApp, testStack } from '../support';
import { addBastion } from './support';

function importBastion(stack: Stack, attributes: Partial<TunnelBastionAttributes> = {}, id: string = 'Imported'): ITunnelBastion {
  return TunnelBastion.fromTunnelBastionAttributes(stack, `${id}Bastion`, {
    exid: 'vpc-main-bastion', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, `${id}BastionGroup`, 'sg-7'), ...attributes,
  });
}

test('a target goes through it, and it is not made', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack), { bastion: importBastion(stack) });
  const template = Template.fromStack(stack);
  for (const type of ['AWS::EC2::Instance', 'AWS::EC2::SecurityGroup', 'AWS::IAM::Role']) template.resourceCountIs(type, 0);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', SourceSecurityGroupId: 'sg-7', FromPort: 6543, ToPort: 6543 });
  template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { GroupId: 'sg-7', DestinationSecurityGroupId: 'sg-1', FromPort: 6543, ToPort: 6543 });
  expect(descriptorOf(stack, 'imported-db').bastion).toEqual({ exid: 'vpc-main-bastion' });
});

test('a TunnelableRdsCluster goes through it', () => {
  const stack = testStack();
  const bastion = importBastion(stack);
  expect(new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), bastion }).bastion).toBe(bastion);
});

test('it is what it was said to be', () => {
  const stack = testStack();
  const diskEncryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`);
  expect(importBastion(stack, { highAvailability: true, diskEncryptionKey }, 'One')).toMatchObject({ highAvailability: true, diskEncryptionKey });
  expect(importBastion(stack, {}, 'Two')).toMatchObject({ highAvailability: false, diskEncryptionKey: undefined, instanceId: undefined });
});

test('the id of its instance is a hint in the descriptor', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack), { bastion: importBastion(stack, { instanceId: 'i-1' }) });
  expect(descriptorOf(stack, 'imported-db').bastion).toEqual({ exid: 'vpc-main-bastion', instanceId: 'i-1' });
});

test('connections can be allowed to it', () => {
  const stack = testStack();
  const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-7', { allowAllOutbound: false });
  importBastion(stack, { securityGroup }).connections.allowToAnyIpv4(ec2.Port.tcp(80));
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupEgress', { GroupId: 'sg-7', FromPort: 80 });
});

test('it may be imported twice, in one stack and in another, and beside the one that is meant', () => {
  const app = testApp();
  const [home, away] = ['Home', 'Away'].map((id) => testStack(app, id)) as [Stack, Stack];
  addBastion(home);
  for (const [stack, id] of [[home, 'One'], [home, 'Two'], [away, 'One']] as const) importBastion(stack, {}, id);
  expect(() => app.synth()).not.toThrow();
});

test.each<[string, Partial<TunnelBastionAttributes>, string]>([
  ['an exid that no instance can be found by', { exid: 'bastion*' },
    'exid "bastion*" cannot be used: it must start with a letter or digit and hold only letters, digits and "_.:/=+-@", at most 256; pass another exid'],
  ['an exid that is a token', { exid: Lazy.string({ produce: () => 'late' }) },
    'exid cannot be a token: people have to type it; pass a literal string'],
  ['the instance of a group', { instanceId: 'i-1', highAvailability: true },
    'instanceId and highAvailability cannot be used together: got both, and a group replaces its instance when it has to; leave instanceId out'],
])('fails when it gets %s', (_, attributes, message) => {
  expect(() => importBastion(testStack(), attributes)).toThrow(new Error(message));
});
