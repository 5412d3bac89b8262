import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../src';

/** A VPC without a way to the internet, neither in nor out: Systems Manager is reached by endpoints in the VPC. */
export class IsolatedSubnetsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });

    const tunnel = new TunnelableRdsCluster(this, 'Ledger', {
      targetName: 'ledger',
      clusterProps: {
        engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }),
        writer: rds.ClusterInstance.serverlessV2('Writer'),
        vpc,
        vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        storageEncrypted: true,
        iamAuthentication: true,
        deletionProtection: true,
      },
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      vpcEndpoints: true,
    });
    tunnel.grantConnect(new iam.Role(this, 'Developers', { assumedBy: new iam.AccountRootPrincipal() }));
  }
}
