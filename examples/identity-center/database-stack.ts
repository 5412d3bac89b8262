import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../src';

/** A database in an account in which people have no roles but those that Identity Center makes: only it may change them. */
export class DatabaseStack extends Stack {
  /** What to put into a permission set: it names this account and region, so the stack has to know where it goes. */
  readonly connectPolicy: iam.PolicyDocument;

  /** Said here, so that nothing has to be looked up. */
  get availabilityZones(): string[] {
    return [`${this.region}a`, `${this.region}b`];
  }

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const tunnel = new TunnelableRdsCluster(this, 'Payroll', {
      targetName: 'payroll',
      clusterProps: {
        engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
        writer: rds.ClusterInstance.serverlessV2('Writer'),
        vpc: new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 }),
        storageEncrypted: true,
        iamAuthentication: true,
        deletionProtection: true,
        defaultDatabaseName: 'app',
      },
      administratorSecret: true,
    });

    this.connectPolicy = tunnel.connectPolicyDocument();
    new CfnOutput(this, 'ConnectPolicy', { value: this.toJsonString(this.connectPolicy) });
  }
}
