import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sso from 'aws-cdk-lib/aws-sso';
import type { Construct } from 'constructs';

export interface PermissionSetStackProps extends StackProps {
  /** Of the Identity Center: `aws sso-admin list-instances`. */
  readonly instanceArn: string;

  /** The group of people: `aws identitystore list-groups`. */
  readonly groupId: string;

  /** The account in which they shall have the permissions. */
  readonly databaseAccount: string;

  readonly connectPolicy: iam.PolicyDocument;
}

/** Lets a group of people connect. It goes to the account and region of the Identity Center. */
export class PermissionSetStack extends Stack {
  constructor(scope: Construct, id: string, { instanceArn, groupId, databaseAccount, connectPolicy, ...props }: PermissionSetStackProps) {
    super(scope, id, props);

    const permissionSet = new sso.CfnPermissionSet(this, 'ConnectToPayroll', {
      instanceArn,
      name: 'ConnectToPayroll',
      sessionDuration: Duration.hours(8).toIsoString(),
      inlinePolicy: connectPolicy,
    });
    new sso.CfnAssignment(this, 'Developers', {
      instanceArn,
      permissionSetArn: permissionSet.attrPermissionSetArn,
      principalType: 'GROUP',
      principalId: groupId,
      targetType: 'AWS_ACCOUNT',
      targetId: databaseAccount,
    });
  }
}
