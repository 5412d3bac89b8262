import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../src';
import { integApp, integVpc, REMOVABLE } from './removable';

/** Aurora, and a bastion behind NAT that soon stops itself and whose disk has a customer key. */
class OwnBastionStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const vpc = integVpc(this, { natGateways: 1 });
    const cluster = new rds.DatabaseCluster(this, 'Cluster', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
      defaultDatabaseName: 'app',
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: 0,
      serverlessV2MaxCapacity: 1,
      vpc,
      storageEncrypted: true,
      iamAuthentication: true,
      ...REMOVABLE,
    });
    const tunnel = new TunnelableRdsCluster(this, 'Tunnel', {
      targetName: 'integ-aurora',
      cluster,
      vpc,
      idleTimeout: Duration.minutes(5),
      diskEncryptionKey: new kms.Key(this, 'DiskKey', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY, pendingWindow: Duration.days(7) }),
      credentialsSecret: cluster.secret,
    });

    const developers = new iam.Role(this, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
    tunnel.grantConnect(developers);
    new CfnOutput(this, 'DevelopersArn', { value: developers.roleArn });
  }
}

const app = integApp();
// A bastion is replaced whenever its user data changes, and nothing is lost by it.
new IntegTest(app, 'OwnBastion', { testCases: [new OwnBastionStack(app, 'TunnelIntegOwnBastion')], allowDestroy: ['AWS::EC2::Instance'] });
