import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ACCOUNT, REGION } from '../support';
import { arn, connectPolicyOf, roleIn, SomeBastion, someTarget, stackWithPlace, statementsOf } from './support';

const ONLY_TO_START = {
  StringEquals: { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` },
  Bool: { 'kms:GrantIsForAWSResource': 'true' },
};

function statementsFor(stack: Stack, bastion: SomeBastion, home: Stack = stack): ReturnType<typeof statementsOf> {
  someTarget(stack, { bastion }).grantConnect(roleIn(home));
  return statementsOf(connectPolicyOf(home));
}

test('a bastion that is a group may be used and not started', () => {
  const stack = stackWithPlace();
  const statements = statementsFor(stack, new SomeBastion(stack, true, new kms.Key(stack, 'Key')));
  expect(statements).toHaveProperty('StartSessionOnBastion');
  expect(JSON.stringify(statements)).not.toMatch(/ec2:StartInstances|kms:/);
});

test('a disk with a key of AWS takes no permission', () => {
  const stack = stackWithPlace();
  expect(statementsFor(stack, new SomeBastion(stack))).not.toHaveProperty('UseDiskKey');
});

test.each<[string, (stack: Stack) => kms.IKey, unknown]>([
  ['of the stack', (stack) => new kms.Key(stack, 'Key'), { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }],
  ['that was imported', (stack) => kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/one`), `arn:aws:kms:${REGION}:${ACCOUNT}:key/one`],
  ['that was imported by its alias', (stack) => kms.Alias.fromAliasName(stack, 'Key', 'alias/disks'), arn('kms', 'key/*')],
  ['by the alias that it got', (stack) => new kms.Key(stack, 'Key').addAlias('disks'), arn('kms', 'key/*')],
])('a key %s lets AWS decrypt the disk, to start the instance and for nothing else', (_, createKey, resource) => {
  const stack = stackWithPlace();
  expect(statementsFor(stack, new SomeBastion(stack, false, createKey(stack))).UseDiskKey).toEqual({
    Sid: 'UseDiskKey', Effect: 'Allow', Action: 'kms:CreateGrant', Resource: resource, Condition: ONLY_TO_START,
  });
});

test('a key of another stack is not named, so that no stack comes after another for it', () => {
  const keys = stackWithPlace('Keys');
  const [stack, away] = ['Stack', 'Away'].map((id) => stackWithPlace(id, keys.node.root)) as [Stack, Stack];
  const bastion = new SomeBastion(stack, false, new kms.Key(keys, 'Key'));
  expect(statementsFor(stack, bastion, away).UseDiskKey).toMatchObject({ Resource: arn('kms', 'key/*'), Condition: ONLY_TO_START });
  for (const each of [keys, stack, away]) expect(each.dependencies).toEqual([]);
  expect(Template.fromStack(keys).findOutputs('*')).toEqual({});
});

test('a key of the grantee\'s stack is named there', () => {
  const stack = stackWithPlace();
  const away = stackWithPlace('Away', stack.node.root);
  const bastion = new SomeBastion(stack, false, new kms.Key(away, 'Key'));
  expect(statementsFor(stack, bastion, away).UseDiskKey).toMatchObject({ Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } });
});

test('a key of another stack is named in the stack of the bastion, which knows it anyhow', () => {
  const keys = stackWithPlace('Keys');
  const stack = stackWithPlace('Stack', keys.node.root);
  const bastion = new SomeBastion(stack, false, new kms.Key(keys, 'Key'));
  expect(JSON.stringify(statementsFor(stack, bastion, stack).UseDiskKey!.Resource)).toMatch(/ImportValue.*Keys.*Key/);
});
