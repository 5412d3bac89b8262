import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../../src';
import { ACCOUNT, importedCluster, REGION, someVpc, testApp, testStack } from '../support';
import { arn, connectPolicyOf, EXID, roleIn, stackWithPlace } from './support';

function tunnelIn(stack: Stack): TunnelableRdsCluster {
  return new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc: someVpc(stack), exid: EXID });
}

test('it allows what connect calls, and no more', () => {
  const stack = stackWithPlace();
  tunnelIn(stack).grantConnect(roleIn(stack));
  const documentCheck = { 'ssm:SessionDocumentAccessCheck': 'true' };
  expect(connectPolicyOf(stack).PolicyDocument.Statement).toEqual([
    {
      Sid: 'ReadDescriptor', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: arn('ssm', 'parameter/tunnelable-rds/imported-db'),
    },
    {
      Sid: 'StartSessionOnBastion',
      Effect: 'Allow',
      Action: 'ssm:StartSession',
      Resource: arn('ec2', 'instance/*'),
      Condition: { BoolIfExists: documentCheck, StringEquals: { 'ssm:resourceTag/exid': 'vpc-main-bastion' } },
    },
    {
      Sid: 'StartSessionWithDocument',
      Effect: 'Allow',
      Action: 'ssm:StartSession',
      Resource: [arn('ssm', 'document/tunnel-imported-db-writer-91464421'), arn('ssm', 'document/tunnel-imported-db-reader-91464421')],
      Condition: { BoolIfExists: documentCheck },
    },
    { Sid: 'OpenDataChannel', Effect: 'Allow', Action: 'ssmmessages:OpenDataChannel', Resource: arn('ssm', 'session/*') },
    {
      Sid: 'OwnSessionsByName',
      Effect: 'Allow',
      Action: ['ssm:ResumeSession', 'ssm:TerminateSession'],
      Resource: arn('ssm', 'session/${aws:username}-*'),
      Condition: { StringEqualsIfExists: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
    },
    {
      Sid: 'OwnSessionsByTag',
      Effect: 'Allow',
      Action: ['ssm:ResumeSession', 'ssm:TerminateSession'],
      Resource: arn('ssm', 'session/*'),
      Condition: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
    },
    { Sid: 'FindBastion', Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
    {
      Sid: 'StartBastion',
      Effect: 'Allow',
      Action: 'ec2:StartInstances',
      Resource: arn('ec2', 'instance/*'),
      Condition: { StringEquals: { 'aws:ResourceTag/exid': 'vpc-main-bastion' } },
    },
  ]);
});

test('the statements stay apart where the app merges what it can', () => {
  const stack = stackWithPlace();
  stack.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true);
  tunnelIn(stack).grantConnect(roleIn(stack));
  expect(connectPolicyOf(stack).PolicyDocument.Statement).toHaveLength(8);
});

test('without a grant there is no policy', () => {
  const stack = testStack();
  tunnelIn(stack);
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))).toEqual([expect.stringContaining('AgentPolicy')]);
});

test('roles, users and groups share one policy, and get nothing inline', () => {
  const stack = testStack();
  const tunnel = tunnelIn(stack);
  const role = roleIn(stack, 'Role');
  for (const grantee of [role, new iam.User(stack, 'User'), new iam.Group(stack, 'Group'), role]) tunnel.grantConnect(grantee).assertSuccess();
  expect(connectPolicyOf(stack)).toMatchObject({
    Roles: [{ Ref: expect.stringMatching(/^Role/) }], Users: [{ Ref: expect.stringMatching(/^User/) }], Groups: [{ Ref: expect.stringMatching(/^Group/) }],
  });
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 2);
});

test('an imported role gets it, unless it must not be changed', () => {
  const stack = testStack();
  const tunnel = tunnelIn(stack);
  tunnel.grantConnect(iam.Role.fromRoleName(stack, 'Open', 'open'));
  tunnel.grantConnect(iam.Role.fromRoleName(stack, 'Fixed', 'fixed', { mutable: false }));
  expect(connectPolicyOf(stack).Roles).toEqual(['open']);
});

test('what is granted can be waited for', () => {
  const stack = testStack();
  const role = roleIn(stack, 'Role');
  const later = new iam.User(stack, 'Later');
  tunnelIn(stack).grantConnect(role).applyBefore(later);
  const [user] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::User'));
  expect(user?.DependsOn).toEqual([expect.stringContaining('ConnectPolicy')]);
});

test('a role of another region gets what the region of the target asks for', () => {
  const stack = stackWithPlace();
  const away = new Stack(stack.node.root, 'Away', { env: { account: ACCOUNT, region: 'us-east-1' } });
  tunnelIn(stack).grantConnect(roleIn(away));
  expect(connectPolicyOf(away).PolicyDocument.Statement).toContainEqual(expect.objectContaining({
    Sid: 'ReadDescriptor', Resource: arn('ssm', 'parameter/tunnelable-rds/imported-db'),
  }));
  expect(away.dependencies).toEqual([]);
  expect(stack.dependencies).toEqual([]);
});

test('a role of a nested stack gets it there', () => {
  const stack = testStack();
  const nested = new NestedStack(stack, 'Nested');
  tunnelIn(stack).grantConnect(roleIn(nested));
  expect(connectPolicyOf(nested).Roles).toEqual([{ Ref: expect.stringMatching(/^Developers/) }]);
  Template.fromStack(nested).hasResourceProperties('AWS::IAM::ManagedPolicy', { Description: 'Connect to imported-db by npx connect' });
});

test('the grants of two targets of one name in two regions are side by side in the stack of a role', () => {
  const app = testApp();
  const roles = new Stack(app, 'Roles', { env: { account: ACCOUNT, region: REGION } });
  const role = roleIn(roles);
  for (const region of [REGION, 'us-east-1']) {
    tunnelIn(new Stack(app, `In-${region}`, { env: { account: ACCOUNT, region } })).grantConnect(role);
  }
  Template.fromStack(roles).resourceCountIs('AWS::IAM::ManagedPolicy', 2);
});

test('a grant keeps its id where the stacks move into a stage', () => {
  const idIn = (scope: Construct): string | undefined => {
    const [stack, away] = [new Stack(scope, 'Stack'), new Stack(scope, 'Away')];
    tunnelIn(stack).grantConnect(roleIn(away));
    return Object.keys(Template.fromStack(away).findResources('AWS::IAM::ManagedPolicy'))[0];
  };
  expect(idIn(testApp())).toMatch(/^ConnectToStackTunnelTarget/);
  expect(idIn(new Stage(testApp(), 'Production'))).toBe(idIn(testApp()));
});

test('targets of one path in two stages are apart in the stack of a role outside of them', () => {
  const app = testApp();
  const roles = new Stack(app, 'Roles', { env: { account: ACCOUNT, region: REGION } });
  const role = roleIn(roles);
  for (const stage of ['Staging', 'Production']) {
    tunnelIn(new Stack(new Stage(app, stage), 'Stack', { env: { account: ACCOUNT, region: stage === 'Staging' ? REGION : 'us-east-1' } })).grantConnect(role);
  }
  const ids = Object.keys(Template.fromStack(roles).findResources('AWS::IAM::ManagedPolicy'));
  expect(ids).toEqual([expect.stringMatching(/^ConnectToStagingStackTunnelTarget/), expect.stringMatching(/^ConnectToProductionStackTunnelTarget/)]);
});

test('fails when the role\'s stack says where it goes, and that of the target does not', () => {
  const stack = testStack();
  const away = new Stack(stack.node.root, 'Away', { env: { account: ACCOUNT, region: 'us-east-1' } });
  const tunnel = tunnelIn(stack);
  expect(() => tunnel.grantConnect(roleIn(away))).toThrow(new Error(
    'cannot grant connect to what is in "Away", which goes to aws://123456789012/us-east-1: where "Stack" goes is not known; pass env to its stack'));
});

test('fails when the role is of another account', () => {
  const stack = stackWithPlace();
  const away = new Stack(stack.node.root, 'Away', { env: { account: '210987654321', region: REGION } });
  const tunnel = tunnelIn(stack);
  expect(() => tunnel.grantConnect(roleIn(away))).toThrow(new Error('cannot grant connect to what is in "Away", which goes to aws://210987654321/eu-central-1: '
    + 'nobody can start a session in another account, and the target is in 123456789012; pass a role of that account'));
});

test('fails when the grantee can have no policy', () => {
  const stack = testStack();
  const tunnel = tunnelIn(stack);
  expect(() => tunnel.grantConnect(new iam.ServicePrincipal('ec2.amazonaws.com'))).toThrow(new Error(
    'cannot grant to ServicePrincipal(ec2.amazonaws.com): a policy can be attached only to a role, a user or a group; pass one of these '
    + '(iam.Role.fromRoleArn for one that exists), or use connectPolicyDocument()'));
});

test.each([
  ['by its name', (stack: Stack) => iam.Role.fromRoleName(stack, 'Theirs', 'AWSReservedSSO_Developers_0123456789abcdef')],
  ['by its ARN', (stack: Stack) => iam.Role.fromRoleArn(stack, 'Theirs',
    `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developers_0123456789abcdef`)],
])('fails when the grantee is a role of Identity Center, imported %s', (_, imported) => {
  const stack = stackWithPlace();
  const tunnel = tunnelIn(stack);
  expect(() => tunnel.grantConnect(imported(stack))).toThrow(new Error('cannot grant to the role "AWSReservedSSO_Developers_0123456789abcdef": '
    + 'IAM Identity Center made it, and nobody else may change it; put connectPolicyDocument() into its permission set'));
});
