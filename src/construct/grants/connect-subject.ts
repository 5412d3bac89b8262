import type { Stack } from 'aws-cdk-lib';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { ITunnelBastion } from '../tunnel-bastion';

/** What permissions to connect to a target are about. */
export interface ConnectSubject {
  readonly targetName: string;
  readonly parameterName: string;
  readonly bastion: ITunnelBastion;
  /** Of each host of the target. */
  readonly documentArns: readonly string[];
  /** Names the database to `rds-db:connect`; undefined where nobody can log in by IAM. */
  readonly rdsResourceId?: string;
  readonly clusterName?: string;
  readonly secret?: secretsmanager.ISecret;
  /** The stack of the target: its account and region are meant, wherever the policy is. */
  readonly place: Stack;
}
