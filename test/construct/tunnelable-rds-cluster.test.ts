import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { TunnelableRdsCluster, type TunnelableRdsClusterProps, TunnelBastion } from '../../src';
import { clusterProps, descriptorOf, importedCluster, someCluster, someVpc, testStack } from './support';

function sharedBastion(stack: Stack): TunnelBastion {
  return new TunnelBastion(stack, 'Shared', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
}

test('it makes a bastion of its own, called after the target', () => {
  const stack = testStack();
  const tunnel = new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc: someVpc(stack) });
  expect(tunnel.bastion.exid).toBe('imported-db-bastion');
  expect(descriptorOf(stack, 'imported-db').bastion.exid).toBe('imported-db-bastion');
});

test('it passes on what its own bastion should be', () => {
  const stack = testStack();
  new TunnelableRdsCluster(stack, 'Tunnel', {
    cluster: importedCluster(stack),
    vpc: someVpc(stack),
    exid: 'own',
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    instanceType: new ec2.InstanceType('t4g.small'),
    machineImage: ec2.MachineImage.fromSsmParameter('/our/image'),
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::EC2::Instance', { SubnetId: 'subnet-3', InstanceType: 't4g.small' });
  template.hasParameter('*', { Default: '/our/image' });
  expect(descriptorOf(stack, 'imported-db').bastion.exid).toBe('own');
});

test('it shares a bastion', () => {
  const stack = testStack();
  const bastion = sharedBastion(stack);
  const tunnel = new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), bastion });
  expect(tunnel.bastion).toBe(bastion);
  Template.fromStack(stack).resourceCountIs('AWS::EC2::Instance', 1);
  expect(descriptorOf(stack, 'imported-db').bastion.exid).toBe('vpc-main-bastion');
});

test('it makes the cluster too, with a bastion in its VPC', () => {
  const stack = testStack();
  const tunnel = new TunnelableRdsCluster(stack, 'Tunnel', { clusterProps: clusterProps(stack, { clusterIdentifier: 'AhbodeDB' }) });
  expect(tunnel.targetName).toBe('ahbodedb');
  expect(tunnel.cluster.node.path).toBe('Stack/Tunnel/Cluster');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::RDS::DBCluster', 1);
  template.resourceCountIs('AWS::EC2::Instance', 1);
  expect(descriptorOf(stack, 'ahbodedb').bastion.exid).toBe('ahbodedb-bastion');
});

test('the cluster that it makes can be behind a shared bastion', () => {
  const stack = testStack();
  new TunnelableRdsCluster(stack, 'Tunnel', { targetName: 'db', clusterProps: clusterProps(stack), bastion: sharedBastion(stack) });
  expect(descriptorOf(stack, 'db').bastion.exid).toBe('vpc-main-bastion');
});

test('a VPC of its own for the bastion wins over that of the cluster that it makes', () => {
  const stack = testStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Peered', { vpcId: 'vpc-2', availabilityZones: ['a'], privateSubnetIds: ['subnet-9'] });
  new TunnelableRdsCluster(stack, 'Tunnel', { targetName: 'db', clusterProps: clusterProps(stack), vpc });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::Instance', { SubnetId: 'subnet-9' });
});

test('prefix and database reach the descriptor', () => {
  const stack = testStack();
  new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc: someVpc(stack), prefix: '/team/tunnels', database: 'orders' });
  Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', { Name: '/team/tunnels/imported-db' });
  expect(descriptorOf(stack, 'imported-db').target.database).toBe('orders');
});

test.each<[string, (stack: Stack) => Partial<TunnelableRdsClusterProps>, string]>([
  ['its own', () => ({ targetName: 'Orders.v2' }), 'Orders.v2'],
  ['that of a created cluster', (stack) => ({ cluster: someCluster(stack, { clusterIdentifier: 'AhbodeDB' }) }), 'ahbodedb'],
  ['that of an imported cluster', () => ({}), 'imported-db'],
])('the name is %s', (_, props, name) => {
  const stack = testStack();
  const tunnel = new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc: someVpc(stack), ...props(stack) });
  expect(tunnel.targetName).toBe(name);
});

test.each<[string, (stack: Stack) => TunnelableRdsClusterProps, string]>([
  ['both cluster and clusterProps', (stack) => ({ cluster: importedCluster(stack), clusterProps: clusterProps(stack), vpc: someVpc(stack) }),
    'cluster and clusterProps cannot be used together: got both; pass one of them'],
  ['neither cluster nor clusterProps', (stack) => ({ vpc: someVpc(stack) }),
    'there is no cluster to tunnel into: got neither cluster nor clusterProps; pass one of them'],
  ['neither bastion nor vpc', (stack) => ({ cluster: importedCluster(stack) }),
    'there is no place for a bastion: got neither bastion nor vpc; pass one of them'],
  ['both bastion and vpc', (stack) => ({ cluster: importedCluster(stack), bastion: sharedBastion(stack), vpc: someVpc(stack, 'Vpc2') }),
    'bastion and vpc cannot be used together: got both; pass vpc to the TunnelBastion'],
  ['a shared bastion and what it should be',
    (stack) => ({ cluster: importedCluster(stack), bastion: sharedBastion(stack), exid: 'x', instanceType: new ec2.InstanceType('t4g.nano') }),
    'bastion and exid, instanceType cannot be used together: got both; pass exid, instanceType to the TunnelBastion'],
  ['a name that would be a command', (stack) => ({ cluster: importedCluster(stack, { clusterIdentifier: 'mysql' }), vpc: someVpc(stack) }),
    'target name "mysql" cannot be used: the name is reserved for a command of `connect`; pass another targetName'],
])('fails when it gets %s', (_, props, message) => {
  const stack = testStack();
  expect(() => new TunnelableRdsCluster(stack, 'Tunnel', props(stack))).toThrow(new Error(message));
});

test('an own bastion of a target in another folder is not that of one in the usual folder', () => {
  const exidWith = (prefix?: string): string => {
    const stack = testStack();
    return new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc: someVpc(stack), prefix }).bastion.exid;
  };
  expect([undefined, '/tunnelable-rds', '/staging'].map(exidWith)).toEqual(['imported-db-bastion', 'imported-db-bastion', 'staging/imported-db-bastion']);
});
