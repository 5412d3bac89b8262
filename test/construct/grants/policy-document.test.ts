import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sso from 'aws-cdk-lib/aws-sso';
import { ACCOUNT, testApp, testStack } from '../support';
import { connectPolicyOf, policiesIn, roleIn, someTarget, stackWithPlace } from './support';

test('connectPolicy is the policy that grantConnect attaches, attached to nobody', () => {
  const stack = stackWithPlace();
  const target = someTarget(stack);
  expect(target.connectPolicy).toBe(target.connectPolicy);
  expect(connectPolicyOf(stack)).not.toHaveProperty('Roles');
});

test('connectPolicy may be attached by others, and granted beside that', () => {
  const stack = stackWithPlace();
  const target = someTarget(stack);
  roleIn(stack, 'One').addManagedPolicy(target.connectPolicy);
  target.grantConnect(roleIn(stack, 'Two'));
  const { Roles } = connectPolicyOf(stack);
  expect(Roles).toEqual([{ Ref: expect.stringMatching(/^Two/) }]);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [stack.resolve(target.connectPolicy.managedPolicyArn)] });
});

test.each<[string, () => Stack]>([['a stack that says where it goes', stackWithPlace], ['one that does not', testStack]])(
  'the document says what grantConnect grants, in %s', (_, createStack) => {
    const stack = createStack();
    const target = someTarget(stack);
    target.grantConnect(roleIn(stack), { databaseUser: 'app' });
    const document = stack.resolve(target.connectPolicyDocument({ databaseUser: 'app' }));
    expect(document).toEqual(connectPolicyOf(stack).PolicyDocument);
  });

test('the document makes nothing in the app', () => {
  const stack = stackWithPlace();
  someTarget(stack).connectPolicyDocument({ describeCluster: true });
  expect(policiesIn(stack, 'Connect')).toEqual([]);
});

test('it can be printed where the app writes partitions as they are, as new apps do', () => {
  const app = testApp();
  app.node.setContext('@aws-cdk/core:enablePartitionLiterals', true);
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'cn-north-1' } });
  const printed = JSON.stringify(stack.resolve(someTarget(stack).connectPolicyDocument()));
  expect(printed).not.toMatch(/Ref|Fn::/);
  expect(printed).toContain(`"arn:aws-cn:ssm:cn-north-1:${ACCOUNT}:parameter/tunnelable-rds/imported-db"`);
});

test('it can be put into a permission set of an Identity Center, and into an inline policy', () => {
  const stack = stackWithPlace();
  const target = someTarget(stack);
  new sso.CfnPermissionSet(stack, 'PermissionSet', { name: 'Tunnel', instanceArn: 'arn:aws:sso:::instance/ssoins-1', inlinePolicy: target.connectPolicyDocument() });
  new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal(), inlinePolicies: { Tunnel: target.connectPolicyDocument() } });
  const PolicyDocument = stack.resolve(target.connectPolicyDocument());
  Template.fromStack(stack).hasResourceProperties('AWS::SSO::PermissionSet', { InlinePolicy: PolicyDocument });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: [{ PolicyName: 'Tunnel', PolicyDocument }] });
});

test('fails when an option means nothing to the target', () => {
  expect(() => someTarget(stackWithPlace()).connectPolicyDocument({ readSecret: true })).toThrow(new Error(
    '"imported-db" has no secret to read: got readSecret; pass credentialsSecret or administratorSecret to the target'));
});
