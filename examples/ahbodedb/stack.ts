import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../src';

/** A database that nothing outside its VPC can reach, and the way to reach it from a laptop: `npx connect ahbodedb`. */
export class AhbodedbStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });

    const cluster = new rds.DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: 'ahbodedb',
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
      defaultDatabaseName: 'app',
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      storageEncrypted: true,
      iamAuthentication: true,
      deletionProtection: true,
    });

    const tunnel = new TunnelableRdsCluster(this, 'Ahbodedb', { cluster, vpc, exid: 'vpc-main-bastion' });

    const developers = new iam.Role(this, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
    tunnel.grantConnect(developers);

    new CfnOutput(this, 'Connect', { value: `npx connect ${tunnel.targetName} --port 15432` });
  }
}
