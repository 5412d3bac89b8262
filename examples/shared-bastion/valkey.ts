import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import { Construct } from 'constructs';

export interface ValkeyProps {
  readonly vpc: ec2.IVpc;
}

/** Two nodes of Valkey, one for reading: the CDK has no construct of its own for ElastiCache. */
export class Valkey extends Construct {
  readonly group: elasticache.CfnReplicationGroup;
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, { vpc }: ValkeyProps) {
    super(scope, id);
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Valkey', allowAllOutbound: false });
    const subnets = new elasticache.CfnSubnetGroup(this, 'Subnets', {
      description: 'Where Valkey stands',
      subnetIds: vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
    });
    this.group = new elasticache.CfnReplicationGroup(this, 'Group', {
      replicationGroupDescription: 'A primary and a replica',
      engine: 'valkey',
      cacheNodeType: 'cache.t4g.micro',
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [this.securityGroup.securityGroupId],
    });
  }
}
