import type { ExistingCluster } from './stack';

/** Put in what you have: the README has the commands that print it. */
export const EXISTING: ExistingCluster = {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
  clusterIdentifier: 'billing',
  clusterResourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  writerEndpoint: 'billing.cluster-c0123456789x.eu-central-1.rds.amazonaws.com',
  readerEndpoint: 'billing.cluster-ro-c0123456789x.eu-central-1.rds.amazonaws.com',
  port: 5432,
  securityGroupIds: ['sg-0123456789abcdef0'],
  roleName: 'developers',
};
