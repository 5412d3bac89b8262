import { CfnParameter, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { TunnelBastion } from '../../../src';
import { ACCOUNT, addTarget, importedCluster, REGION, someCluster, someVpc, testApp, testStack } from '../support';

const RULES = ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'];

/** Both rules of each way: what they open, by their ids. */
function rulesIn(stack: Stack): Record<string, { Properties: { FromPort: unknown } }> {
  const template = Template.fromStack(stack);
  return Object.assign({}, ...RULES.map((type) => template.findResources(type)));
}

function sharedBastion(stack: Stack): TunnelBastion {
  return new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
}

function groupOf(stack: Stack, id: string, groupId: string = 'sg-1'): ec2.ISecurityGroup {
  return ec2.SecurityGroup.fromSecurityGroupId(stack, id, groupId);
}

test('each security group of the cluster lets the bastion in, and the bastion may go to each', () => {
  const stack = testStack();
  const groups = ['sg-1', 'sg-2'].map((id) => ec2.SecurityGroup.fromSecurityGroupId(stack, id, id));
  addTarget(stack, importedCluster(stack, { securityGroups: groups }));
  const template = Template.fromStack(stack);
  const bastionGroup = { 'Fn::GetAtt': [Match.stringLikeRegexp('^TargetBastionSecurityGroup'), 'GroupId'] };
  const traffic = { IpProtocol: 'tcp', FromPort: 6543, ToPort: 6543 };
  for (const group of ['sg-1', 'sg-2']) {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: group, SourceSecurityGroupId: bastionGroup, ...traffic });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { GroupId: bastionGroup, DestinationSecurityGroupId: group, ...traffic });
  }
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 2);
  template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 2);
});

test('two targets behind one security group do not ask for one rule twice', () => {
  const stack = testStack();
  const bastion = new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
  const cluster = importedCluster(stack);
  addTarget(stack, cluster, { bastion, targetName: 'one' }, 'One');
  addTarget(stack, cluster, { bastion, targetName: 'two' }, 'Two');
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
});

test('the ids of the rules do not depend on where the stack is', () => {
  const ruleIds = (stack: Stack): string[] => {
    addTarget(stack, someCluster(stack), { targetName: 'db' });
    return Object.keys(Template.fromStack(stack).toJSON().Resources).filter((id) => /gress/.test(id));
  };
  const ids = ruleIds(testStack(testApp(), 'One'));
  expect(ids).toHaveLength(2);
  expect(ruleIds(testStack(testApp(), 'Two'))).toEqual(ids);
});

test('a security group that was imported twice gets one rule each way', () => {
  const stack = testStack();
  const bastion = sharedBastion(stack);
  addTarget(stack, importedCluster(stack, { securityGroups: [groupOf(stack, 'Here'), groupOf(stack, 'There')] }), { bastion });
  for (const type of RULES) Template.fromStack(stack).resourceCountIs(type, 1);
});

test('a way is opened once, also by targets of two stacks', () => {
  const app = testApp();
  const home = testStack(app, 'Home');
  const away = testStack(app, 'Away');
  const bastion = sharedBastion(home);
  addTarget(home, importedCluster(home), { bastion, targetName: 'near' });
  addTarget(away, importedCluster(away), { bastion, targetName: 'far' });
  expect([home, away].map((stack) => Object.keys(rulesIn(stack)).length)).toEqual([2, 0]);
});

test('two clusters in one security group on two ports get the rules of both', () => {
  const stack = testStack();
  const bastion = sharedBastion(stack);
  const group = new ec2.SecurityGroup(stack, 'Group', { vpc: someVpc(stack, 'GroupVpc') });
  const cluster = (port: number) => importedCluster(stack, { port, securityGroups: [group] }, `On${port}`);
  addTarget(stack, cluster(5432), { bastion, targetName: 'one' }, 'One');
  addTarget(stack, cluster(3306), { bastion, targetName: 'two' }, 'Two');
  for (const type of RULES) {
    const ports = Object.values(Template.fromStack(stack).findResources(type)).map(({ Properties }) => [Properties.FromPort, Properties.ToPort]);
    expect(ports).toEqual([[5432, 5432], [3306, 3306]]);
  }
});

test.each<[string, (stack: Stack) => ec2.ISecurityGroup]>([
  ['created', (stack) => new ec2.SecurityGroup(stack, 'Group', { vpc: someVpc(stack, 'GroupVpc') })],
  ['imported', (stack) => groupOf(stack, 'Group')],
  ['imported by a parameter', (stack) => groupOf(stack, 'Group', new CfnParameter(stack, 'GroupId').valueAsString)],
])('the rules stay the same when the first of two targets behind a %s group goes', (_, createGroup) => {
  const rulesWith = (...names: string[]): object => {
    const stack = testStack();
    const bastion = sharedBastion(stack);
    const cluster = importedCluster(stack, { securityGroups: [createGroup(stack)] });
    for (const name of names) addTarget(stack, cluster, { bastion, targetName: name }, name);
    return rulesIn(stack);
  };
  const both = rulesWith('one', 'two');
  expect(Object.keys(both)).toHaveLength(2);
  expect(rulesWith('two')).toEqual(both);
});

test('the rules stay the same when an import is renamed', () => {
  const rulesOf = (id: string): object => {
    const stack = testStack();
    addTarget(stack, importedCluster(stack, { securityGroups: [groupOf(stack, id)] }), { bastion: sharedBastion(stack) });
    return rulesIn(stack);
  };
  expect(Object.keys(rulesOf('Old'))).toHaveLength(2);
  expect(rulesOf('New')).toEqual(rulesOf('Old'));
});

test('groups of one path in two nested stacks are told apart', () => {
  const stack = testStack();
  const securityGroups = ['One', 'Two'].map((id) => {
    const nested = new NestedStack(new Stack(stack.node.root, `Parent${id}`), 'Nested');
    return new ec2.SecurityGroup(nested, 'Group', { vpc: someVpc(nested) });
  });
  addTarget(stack, importedCluster(stack, { securityGroups }), { bastion: sharedBastion(stack) });
  expect(Object.keys(rulesIn(stack))).toHaveLength(4);
});

test.each([
  ['cluster', 'us-east-1', REGION],
  ['target', REGION, 'us-east-1'],
])('fails when the %s is known to be in another region than the bastion', (_, clusterRegion, targetRegion) => {
  const app = testApp();
  const stackIn = (id: string, region: string): Stack => new Stack(app, id, { env: { account: ACCOUNT, region } });
  const bastion = sharedBastion(stackIn('Bastion', REGION));
  const cluster = importedCluster(stackIn('Cluster', clusterRegion));
  expect(() => addTarget(stackIn('Target', targetRegion), cluster, { bastion })).toThrow(new Error(
    'the target in us-east-1 cannot be reached by a bastion in eu-central-1; pass a bastion of the target\'s region'));
});

test('networkRules: false leaves the rules to whom made them, and warns of nothing', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack), { networkRules: false });
  addTarget(stack, importedCluster(stack, { securityGroups: [] }, 'Unguarded'), { networkRules: false, targetName: 'other' }, 'Other');
  expect(rulesIn(stack)).toEqual({});
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('noSecurityGroups'))).toEqual([]);
});

test('fails when the bastion is of another account', () => {
  const app = testApp();
  const home = new Stack(app, 'Home', { env: { account: ACCOUNT, region: REGION } });
  const away = new Stack(app, 'Away', { env: { account: '210987654321', region: REGION } });
  const bastion = sharedBastion(away);
  expect(() => addTarget(home, importedCluster(home), { bastion })).toThrow(new Error('the target in account 123456789012 cannot be reached by a bastion in 210987654321: '
    + 'nobody can start a session in another account; pass a bastion of the target\'s account'));
});
