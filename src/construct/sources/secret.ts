import type { IResolvable } from 'aws-cdk-lib';
import type * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct } from 'constructs';

/** The secret that AWS makes for an administrator's password, where it is told to manage it. */
export function managedSecret(scope: Construct, isManaged: boolean | IResolvable | undefined, secretArn: string): secretsmanager.ISecret | undefined {
  return isManaged === true ? secretsmanager.Secret.fromSecretCompleteArn(scope, 'AdministratorSecret', secretArn) : undefined;
}

/** The secret that a construct made for an administrator's password, or was imported with. */
export function secretOf(construct: IConstruct): secretsmanager.ISecret | undefined {
  return 'secret' in construct ? construct.secret as secretsmanager.ISecret | undefined : undefined;
}

/** The secret with the password of an administrator of RDS. Where AWS manages the password, the one of the construct is not in use. */
export function rdsSecret(
  scope: Construct, construct: IConstruct, created: rds.CfnDBCluster | rds.CfnDBInstance | undefined,
): secretsmanager.ISecret | undefined {
  const managed = created && managedSecret(scope, created.manageMasterUserPassword, created.attrMasterUserSecretSecretArn);
  return managed ?? secretOf(construct);
}
