import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelBastion, TunnelSessionDocument, TunnelSource, TunnelTarget } from '../../src';
import { Valkey } from './valkey';

/** Three targets of different kinds behind one bastion, and two roles that may reach not the same ones. */
export class SharedBastionStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const bastion = new TunnelBastion(this, 'Bastion', { vpc, exid: 'shared-bastion', idleTimeout: Duration.minutes(20) });

    const orders = new rds.DatabaseCluster(this, 'Orders', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      readers: [rds.ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
      vpc,
      storageEncrypted: true,
      iamAuthentication: true,
      deletionProtection: true,
    });
    const reports = new rds.DatabaseInstance(this, 'Reports', {
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_7 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
      vpc,
      storageEncrypted: true,
      iamAuthentication: true,
      deletionProtection: true,
    });
    const valkey = new Valkey(this, 'Valkey', { vpc });

    const ordersTarget = new TunnelTarget(this, 'OrdersTarget', {
      targetName: 'orders',
      bastion,
      source: TunnelSource.cluster(orders),
      iamAuthentication: true,
      sessionDocument: TunnelSessionDocument.fixed({ maxSessionDuration: Duration.hours(8) }),
    });
    const reportsTarget = new TunnelTarget(this, 'ReportsTarget', {
      targetName: 'reports',
      bastion,
      source: TunnelSource.instance(reports),
      credentialsSecret: reports.secret,
    });
    const valkeyTarget = new TunnelTarget(this, 'ValkeyTarget', {
      targetName: 'valkey',
      bastion,
      source: TunnelSource.replicationGroup(valkey.group, { securityGroups: [valkey.securityGroup] }),
    });

    const developers = new iam.Role(this, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
    ordersTarget.grantConnect(developers, { databaseUser: 'developer' });
    valkeyTarget.grantConnect(developers);
    ordersTarget.grantList(developers);

    const analysts = new iam.Role(this, 'Analysts', { assumedBy: new iam.AccountRootPrincipal() });
    reportsTarget.grantConnect(analysts, { readSecret: true });
  }
}
