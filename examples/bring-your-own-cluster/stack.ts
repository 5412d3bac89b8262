import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelableRdsCluster } from '../../src';

/** What is there already. */
export interface ExistingCluster {
  readonly vpcId: string;
  /** Of the private subnets: in the order of their subnets. */
  readonly availabilityZones: string[];
  readonly privateSubnetIds: string[];
  readonly privateSubnetRouteTableIds: string[];
  readonly clusterIdentifier: string;
  /** Such as `cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ`: it is what a grant to log in by IAM names. */
  readonly clusterResourceId: string;
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  readonly port: number;
  readonly securityGroupIds: string[];
  /** Of those who shall connect. */
  readonly roleName: string;
}

export interface BringYourOwnClusterStackProps extends StackProps {
  readonly existing: ExistingCluster;
}

/** A way to a cluster that this app did not make. It adds rules to the cluster's security groups and a policy to the role, and changes nothing else. */
export class BringYourOwnClusterStack extends Stack {
  constructor(scope: Construct, id: string, { existing, ...props }: BringYourOwnClusterStackProps) {
    super(scope, id, props);

    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: existing.vpcId,
      availabilityZones: existing.availabilityZones,
      privateSubnetIds: existing.privateSubnetIds,
      privateSubnetRouteTableIds: existing.privateSubnetRouteTableIds,
    });
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(this, 'Cluster', {
      clusterIdentifier: existing.clusterIdentifier,
      clusterResourceIdentifier: existing.clusterResourceId,
      clusterEndpointAddress: existing.writerEndpoint,
      readerEndpointAddress: existing.readerEndpoint,
      port: existing.port,
      engine: rds.DatabaseClusterEngine.AURORA_POSTGRESQL,
      securityGroups: existing.securityGroupIds.map((groupId) => ec2.SecurityGroup.fromSecurityGroupId(this, groupId, groupId)),
    });

    const tunnel = new TunnelableRdsCluster(this, 'Tunnel', { cluster, vpc, iamAuthentication: true });
    tunnel.grantConnect(iam.Role.fromRoleName(this, 'Developers', existing.roleName), { databaseUser: 'developer' });
  }
}
