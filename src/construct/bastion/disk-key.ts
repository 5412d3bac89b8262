import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** What AWS documents for groups whose disks have a customer key. */
const STATEMENTS: readonly iam.PolicyStatementProps[] = [
  { sid: 'GroupsUseKey', actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'] },
  { sid: 'GroupsAttachDisks', actions: ['kms:CreateGrant'], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
];

/** Auto Scaling launches by a role of its own, which no policy can be attached to: only the key itself can let it. */
export function letGroupUse(key: kms.IKey, group: Construct): void {
  const role = new iam.ArnPrincipal(Stack.of(group).formatArn({
    service: 'iam', region: '', resource: 'role/aws-service-role/autoscaling.amazonaws.com', resourceName: 'AWSServiceRoleForAutoScaling',
  }));
  const additions = STATEMENTS.map((statement) => key.addToResourcePolicy(new iam.PolicyStatement({ ...statement, principals: [role], resources: ['*'] })));
  if (additions.every(({ statementAdded }) => statementAdded)) return;
  Annotations.of(group).addWarningV2('tunnelable-rds-cluster:importedDiskKey',
    'the policy of an imported diskEncryptionKey cannot be changed from here, and a group cannot launch an instance unless that lets it; '
    + 'let the role AWSServiceRoleForAutoScaling use the key and create grants for AWS resources, then acknowledge this');
}
