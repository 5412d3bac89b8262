import { Annotations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ACCOUNT, REGION, testApp, testStack } from '../support';
import { addBastion, stackSomewhere, warningsOf } from './support';

const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';

const GROUPS_USE_KEY = 'GroupsUseKey';

function sidsOf(template: Template): (string | undefined)[] {
  const [{ Properties }] = Object.values(template.findResources('AWS::KMS::Key'));
  return Properties.KeyPolicy.Statement.map(({ Sid: sid }: { Sid?: string }) => sid);
}

test('a key that was created lets groups use it, as AWS documents', () => {
  const stack = stackSomewhere();
  addBastion(stack, { highAvailability: true, diskEncryptionKey: new kms.Key(stack, 'Key') });
  const template = Template.fromStack(stack);
  const role = `:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const toRole = { Effect: 'Allow', Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, role]] } }, Resource: '*' };
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        { Sid: GROUPS_USE_KEY, Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'], ...toRole },
        { Sid: 'GroupsAttachDisks', Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } }, ...toRole },
      ]),
    },
  });
  const [keyId] = Object.keys(template.findResources('AWS::KMS::Key'));
  template.hasResourceProperties(LAUNCH_TEMPLATE, {
    LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } } }] },
  });
  expect(warningsOf(stack)).toEqual([]);
});

test('a key of another stack lets groups use it', () => {
  const app = testApp();
  const [keys, home] = ['Keys', 'Home'].map((id) => testStack(app, id));
  addBastion(home!, { highAvailability: true, diskEncryptionKey: new kms.Key(keys!, 'Key') });
  expect(sidsOf(Template.fromStack(keys!))).toEqual([undefined, GROUPS_USE_KEY, 'GroupsAttachDisks']);
  expect(warningsOf(home!)).toEqual([]);
});

test('a key of two groups says it once', () => {
  const stack = testStack();
  const diskEncryptionKey = new kms.Key(stack, 'Key');
  addBastion(stack, { highAvailability: true, diskEncryptionKey }, 'One');
  addBastion(stack, { highAvailability: true, diskEncryptionKey, exid: 'two' }, 'Two');
  expect(sidsOf(Template.fromStack(stack))).toEqual([undefined, GROUPS_USE_KEY, 'GroupsAttachDisks']);
});

test('the key of an instance that stands alone stays as it is: who starts it is let by a policy of their own', () => {
  const stack = testStack();
  addBastion(stack, { diskEncryptionKey: new kms.Key(stack, 'Key') });
  expect(sidsOf(Template.fromStack(stack))).toEqual([undefined]);
});

test('an imported key that a group needs is warned of, until it is acknowledged', () => {
  const stack = testStack();
  const diskEncryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`);
  const bastion = addBastion(stack, { highAvailability: true, diskEncryptionKey });
  addBastion(stack, { diskEncryptionKey, exid: 'alone' }, 'Alone');
  expect(warningsOf(stack)).toEqual(['the policy of an imported diskEncryptionKey cannot be changed from here, and a group cannot launch an instance unless that lets it; '
    + 'let the role AWSServiceRoleForAutoScaling use the key and create grants for AWS resources, then acknowledge this '
    + '[ack: tunnelable-rds-cluster:importedDiskKey]']);
  Annotations.of(bastion).acknowledgeWarning('tunnelable-rds-cluster:importedDiskKey');
  expect(bastion.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
});
