import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelBastion, TunnelSessionDocument, TunnelSource, TunnelTarget } from '../../src';
import { integApp, integVpc, REMOVABLE } from './removable';

/** The cheapest instance of RDS, and a group for a bastion, in a VPC without a way to the internet. */
class IsolatedGroupStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const vpc = integVpc(this, { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    const instance = new rds.DatabaseInstance(this, 'Instance', {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_7 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
      databaseName: 'app',
      allocatedStorage: 20,
      backupRetention: Duration.days(0),
      vpc,
      vpcSubnets,
      storageEncrypted: true,
      iamAuthentication: true,
      ...REMOVABLE,
    });
    const target = new TunnelTarget(this, 'Target', {
      targetName: 'integ-instance',
      bastion: new TunnelBastion(this, 'Bastion', { vpc, vpcSubnets, exid: 'integ-group', vpcEndpoints: true, highAvailability: true }),
      source: TunnelSource.instance(instance),
      credentialsSecret: instance.secret,
      sessionDocument: TunnelSessionDocument.fixed({ idleSessionTimeout: Duration.minutes(2), maxSessionDuration: Duration.minutes(15) }),
    });

    const developers = new iam.Role(this, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
    target.grantConnect(developers);
    new CfnOutput(this, 'DevelopersArn', { value: developers.roleArn });
  }
}

const app = integApp();
new IntegTest(app, 'IsolatedGroup', { testCases: [new IsolatedGroupStack(app, 'TunnelIntegIsolatedGroup')] });
