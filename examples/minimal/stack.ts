import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../src';

/** As little as it takes: the cluster, its bastion and all between them are one construct. `npx connect minimal`, as whoever deployed it. */
export class MinimalStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new TunnelableRdsCluster(this, 'Database', {
      targetName: 'minimal',
      clusterProps: {
        engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
        writer: rds.ClusterInstance.serverlessV2('Writer'),
        vpc: new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 }),
        storageEncrypted: true,
        iamAuthentication: true,
        deletionProtection: true,
      },
    });
  }
}
