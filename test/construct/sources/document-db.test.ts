import { Lazy, SecretValue } from 'aws-cdk-lib';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { TunnelSource } from '../../../src';
import { someVpc, testStack } from '../support';
import { defaultName, describedTarget, group, type Make, resolved, targetInto, waysIn } from './support';

const CLASS = ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM);

const cluster = (props: Partial<docdb.DatabaseClusterProps>, change?: (resource: docdb.CfnDBCluster) => void): Make => (stack) => {
  const made = new docdb.DatabaseCluster(stack, 'Cluster', {
    masterUser: { username: 'administrator' }, vpc: someVpc(stack), instanceType: CLASS, ...props,
  });
  change?.(made.node.defaultChild as docdb.CfnDBCluster);
  return TunnelSource.documentDb(made);
};
const created = (props: Partial<docdb.DatabaseClusterProps> = {}): Make => cluster(props);
const restored = cluster({}, (resource) => { resource.snapshotIdentifier = 'snapshot'; });

const imported = (props: Partial<docdb.DatabaseClusterAttributes> = {}): Make => (stack) => TunnelSource.documentDb(
  docdb.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
    clusterIdentifier: 'Imported-DB',
    clusterEndpointAddress: 'writer.example',
    readerEndpointAddress: 'reader.example',
    port: 27018,
    securityGroup: group(stack),
    ...props,
  }));

test.each<[string, Make, object]>([
  ['created', created(), {
    name: expect.stringMatching(/^ref-of-Cluster/),
    port: 27017,
    host: { writer: expect.stringMatching(/^endpoint-of-cluster/), reader: expect.stringMatching(/^readendpoint-of-cluster/) },
  }],
  ['created on a port of its own', created({ port: 27018 }), { port: 27018 }],
  ['created on a port that is a token', created({ port: Lazy.number({ produce: () => 27019 }) }), { port: 27019 }],
  ['imported', imported(), { name: 'Imported-DB', port: 27018, host: { writer: 'writer.example', reader: 'reader.example' } }],
  ['imported without a reader', imported({ readerEndpointAddress: undefined }), { host: { writer: 'writer.example' } }],
])('a cluster of DocumentDB that is %s is described', (_, make, target) => {
  expect(describedTarget(make)).toMatchObject({ kind: 'docdb-cluster', engine: 'docdb', ...target });
});

test('a cluster that is restored has the port of the snapshot', () => {
  expect(resolved(restored, ({ port }) => port)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Cluster/), 'Port'] });
});

test('its security group lets the bastion in', () => {
  expect(waysIn(created())).toEqual([[{ 'Fn::GetAtt': [expect.stringMatching(/^ClusterSecurityGroup/), 'GroupId'] }, 27017]]);
  expect(waysIn(imported())).toEqual([['sg-1', 27018]]);
  expect(waysIn(imported({ securityGroup: undefined }))).toEqual([]);
});

test('the target is called by a literal identifier, lower-cased', () => {
  expect(defaultName(created({ dbClusterName: 'AhbodeDB' }))).toBe('ahbodedb');
  expect(defaultName(imported())).toBe('imported-db');
});

test.each<[string, Make, unknown]>([
  ['created', created(), { Ref: expect.stringMatching(/^ClusterSecretAttachment/) }],
  ['created with a password of one\'s own', created({ masterUser: { username: 'me', password: SecretValue.ssmSecure('password') } }), undefined],
  ['imported', imported(), undefined],
])('the secret of a cluster that is %s', (_, make, arn) => {
  expect(resolved(make, ({ secret }) => secret?.secretArn)).toEqual(arn);
});

test('nobody logs in by the IAM of RDS', () => {
  expect(resolved(created(), ({ rdsResourceId }) => rdsResourceId)).toBeUndefined();
});

test.each<[string, Partial<docdb.DatabaseClusterAttributes>]>([
  ['address', { clusterEndpointAddress: undefined }],
  ['port', { port: undefined }],
])('fails when the %s of an imported cluster is not known', (_, attributes) => {
  const stack = testStack();
  expect(() => targetInto(stack, imported(attributes)(stack))).toThrow(new Error(
    'the endpoint of the imported cluster "Stack/Imported" is not known; pass clusterEndpointAddress and port to fromDatabaseClusterAttributes'));
});
