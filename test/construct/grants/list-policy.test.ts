import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { TunnelTarget } from '../../../src';
import { ACCOUNT, addTarget, importedCluster, testStack } from '../support';
import { arn, policiesIn, roleIn, SomeBastion, stackWithPlace } from './support';

/** Targets in one stack, by what each is called and the prefix that it is put under. */
function targetsIn(stack: Stack, targets: Record<string, string | undefined>): TunnelTarget[] {
  const bastion = new SomeBastion(stack);
  const cluster = importedCluster(stack);
  return Object.entries(targets).map(([name, prefix]) => addTarget(stack, cluster, { bastion, targetName: name, prefix }, name));
}

test('it allows to list what is under the prefix, in the folder itself, and no more', () => {
  const stack = stackWithPlace();
  const [target] = targetsIn(stack, { db: '/team/tunnels' });
  target!.grantList(roleIn(stack)).assertSuccess();
  const [policy] = policiesIn(stack, 'ListTargets');
  expect(policy).toEqual({
    Description: 'List the targets under /team/tunnels',
    Path: '/',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Sid: 'ListDescriptors', Effect: 'Allow', Action: 'ssm:GetParametersByPath', Resource: arn('ssm', 'parameter/team/tunnels') }],
    },
    Roles: [{ Ref: expect.stringMatching(/^Developers/) }],
  });
});

test('it is not part of what connecting takes, and connecting not of it', () => {
  const stack = stackWithPlace();
  const [target] = targetsIn(stack, { db: undefined });
  target!.grantConnect(roleIn(stack));
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('GetParametersByPath');
});

test('targets under one prefix share a policy, and other prefixes have their own', () => {
  const stack = stackWithPlace();
  const role = roleIn(stack);
  for (const target of targetsIn(stack, { one: undefined, two: undefined, three: '/a/b', four: '/a--b' })) target.grantList(role);
  expect(policiesIn(stack, 'ListTargets').map(({ Description, Roles }) => [Description, Roles!.length])).toEqual([
    ['List the targets under /tunnelable-rds', 1], ['List the targets under /a/b', 1], ['List the targets under /a--b', 1],
  ]);
});

test('targets of two stacks share it in the stack of a role, which then depends on neither', () => {
  const roles = stackWithPlace('Roles');
  const role = roleIn(roles);
  for (const id of ['One', 'Two']) targetsIn(stackWithPlace(id, roles.node.root), { [id]: undefined })[0]!.grantList(role);
  expect(policiesIn(roles, 'ListTargets')).toHaveLength(1);
  expect(roles.dependencies).toEqual([]);
});

test('a role of one region may list the targets of two', () => {
  const roles = stackWithPlace('Roles');
  const role = roleIn(roles);
  for (const region of ['eu-central-1', 'us-east-1']) {
    const stack = new Stack(roles.node.root, region, { env: { account: ACCOUNT, region } });
    targetsIn(stack, { db: undefined })[0]!.grantList(role);
  }
  const resources = policiesIn(roles, 'ListTargets').map(({ PolicyDocument }) => PolicyDocument.Statement[0]!.Resource);
  expect(resources).toEqual(['eu-central-1', 'us-east-1'].map((region) => arn('ssm', 'parameter/tunnelable-rds', { region })));
});

test('users, groups and imported roles get it too', () => {
  const stack = testStack();
  const [target] = targetsIn(stack, { db: undefined });
  for (const grantee of [new iam.User(stack, 'User'), new iam.Group(stack, 'Group'), iam.Role.fromRoleName(stack, 'Role', 'role')]) target!.grantList(grantee);
  expect(policiesIn(stack, 'ListTargets')).toMatchObject([{ Roles: ['role'], Users: [expect.anything()], Groups: [expect.anything()] }]);
});

test('fails when the role is of another account', () => {
  const stack = stackWithPlace();
  const away = new Stack(stack.node.root, 'Away', { env: { account: '210987654321', region: 'eu-central-1' } });
  const [target] = targetsIn(stack, { db: undefined });
  expect(() => target!.grantList(roleIn(away))).toThrow('pass a role of that account');
});
