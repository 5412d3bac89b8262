import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { TunnelSource } from '../../../src';
import { importedCluster, MYSQL, someCluster, someVpc, testStack } from '../support';
import { configOf, defaultName, describedTarget, type Make, resolved, targetInto, waysIn } from './support';

const created = (props: Partial<rds.DatabaseClusterProps> = {}): Make => (stack) => TunnelSource.cluster(someCluster(stack, props));
const imported = (props: Partial<rds.DatabaseClusterAttributes> = {}): Make => (stack) => TunnelSource.cluster(importedCluster(stack, props));

/** The only way to a managed password is the resource: the CDK has no property for it. */
const managed: Make = (stack) => {
  const cluster = someCluster(stack);
  (cluster.node.defaultChild as rds.CfnDBCluster).manageMasterUserPassword = true;
  return TunnelSource.cluster(cluster);
};
const restored: Make = (stack) => TunnelSource.cluster(new rds.DatabaseClusterFromSnapshot(stack, 'Cluster', {
  engine: MYSQL, snapshotIdentifier: 'snapshot', vpc: someVpc(stack), writer: rds.ClusterInstance.serverlessV2('Writer'),
}));

const byMadeUpName = expect.stringContaining('cluster');

test.each<[string, Make, object]>([
  ['created', created({ defaultDatabaseName: 'app' }), {
    kind: 'rds-cluster', engine: 'aurora-postgresql', port: 5432, database: 'app', host: { writer: byMadeUpName, reader: byMadeUpName },
  }],
  ['created, of MySQL, on a port of its own', created({ engine: MYSQL, port: 6001 }), { engine: 'aurora-mysql', port: 6001 }],
  ['restored, with the port of the snapshot', restored, { engine: 'aurora-mysql', port: 7654 }],
  ['imported', imported(), {
    kind: 'rds-cluster', name: 'Imported-DB', engine: 'aurora-postgresql', port: 6543, host: { writer: 'writer.example', reader: 'reader.example' },
  }],
  ['imported without a reader', imported({ readerEndpointAddress: undefined }), { host: { writer: 'writer.example' } }],
])('a cluster that is %s is described', (_, make, target) => {
  expect(describedTarget(make)).toMatchObject(target);
});

test('a cluster that was looked up is told its engine', () => {
  const stack = testStack();
  const cluster = importedCluster(stack, { engine: undefined });
  expect(configOf(() => TunnelSource.cluster(cluster, { engine: 'aurora-mysql' }), stack).engine).toBe('aurora-mysql');
});

test('its security group lets the bastion in', () => {
  expect(waysIn(imported())).toEqual([['sg-1', 6543]]);
  expect(waysIn(created())).toEqual([[{ 'Fn::GetAtt': [expect.stringMatching(/^ClusterSecurityGroup/), 'GroupId'] }, 5432]]);
});

test('the target is called by a literal identifier, lower-cased', () => {
  expect(defaultName(created({ clusterIdentifier: 'AhbodeDB' }))).toBe('ahbodedb');
  expect(defaultName(imported())).toBe('imported-db');
});

test.each<[string, Make, unknown]>([
  ['created', created(), { 'Fn::GetAtt': [expect.stringMatching(/^Cluster/), 'DBClusterResourceId'] }],
  ['imported with it', imported({ clusterResourceIdentifier: 'cluster-ABC' }), 'cluster-ABC'],
  ['imported without it', imported(), undefined],
])('the id for logging in by IAM to a cluster that is %s', (_, make, id) => {
  expect(resolved(make, ({ rdsResourceId }) => rdsResourceId)).toEqual(id);
});

test.each<[string, Make, unknown]>([
  ['created', created(), { Ref: expect.stringMatching(/^ClusterSecretAttachment/) }],
  ['created with a password that RDS manages', managed, { 'Fn::GetAtt': [expect.stringMatching(/^Cluster/), 'MasterUserSecret.SecretArn'] }],
  ['imported without it', imported(), undefined],
])('the secret of a cluster that is %s', (_, make, arn) => {
  expect(resolved(make, ({ secret }) => secret?.secretArn)).toEqual(arn);
});

test('the secret of a cluster that is imported with it', () => {
  const stack = testStack();
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'administrator');
  expect(configOf(imported({ secret }), stack).secret).toBe(secret);
});

const NO_ENGINE = /^engine "postgresql" is not known; pass one of aurora-postgresql, postgres, .*, https, or none$/;

test('fails when the engine that is passed is none', () => {
  const stack = testStack();
  const cluster = importedCluster(stack);
  expect(() => targetInto(stack, TunnelSource.cluster(cluster, { engine: 'postgresql' }))).toThrow(NO_ENGINE);
});
