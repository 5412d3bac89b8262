import { Lazy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { TunnelSource } from '../../../src';
import { someVpc, testStack } from '../support';
import { configOf, defaultName, describedTarget, group, type Make, resolved, targetInto, waysIn } from './support';

const POSTGRES = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 });
const MYSQL = rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_0 });
const MARIADB = rds.DatabaseInstanceEngine.mariaDb({ version: rds.MariaDbEngineVersion.VER_10_11 });
const SQL_SERVER = rds.DatabaseInstanceEngine.sqlServerSe({ version: rds.SqlServerEngineVersion.VER_16 });
const ORACLE = rds.DatabaseInstanceEngine.oracleSe2({ version: rds.OracleEngineVersion.VER_19 });
const CLASS = ec2.InstanceType.of(ec2.InstanceClass.M6G, ec2.InstanceSize.LARGE);

const created = (props: Partial<rds.DatabaseInstanceProps> = {}): Make => (stack) => TunnelSource.instance(
  new rds.DatabaseInstance(stack, 'Instance', { engine: POSTGRES, vpc: someVpc(stack), instanceType: CLASS, ...props }));

const imported = (props: Partial<rds.DatabaseInstanceAttributes> = {}): Make => (stack) => TunnelSource.instance(
  rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
    instanceIdentifier: 'Imported-DB',
    instanceEndpointAddress: 'instance.example',
    port: 6543,
    engine: POSTGRES,
    securityGroups: [group(stack)],
    ...props,
  }));

const restored = (props: Partial<rds.DatabaseInstanceFromSnapshotProps> = {}): Make => (stack) => TunnelSource.instance(
  new rds.DatabaseInstanceFromSnapshot(stack, 'Instance', {
    engine: POSTGRES, snapshotIdentifier: 'snapshot', vpc: someVpc(stack), instanceType: CLASS, ...props,
  }));

const replica = (engine?: string): Make => (stack) => TunnelSource.instance(new rds.DatabaseInstanceReadReplica(stack, 'Instance', {
  sourceDatabaseInstance: new rds.DatabaseInstance(stack, 'Source', { engine: POSTGRES, vpc: someVpc(stack), instanceType: CLASS }),
  vpc: someVpc(stack, 'ReplicaVpc'),
  instanceType: CLASS,
}), { engine });

const managed: Make = (stack) => {
  const instance = new rds.DatabaseInstance(stack, 'Instance', { engine: POSTGRES, vpc: someVpc(stack), instanceType: CLASS });
  (instance.node.defaultChild as rds.CfnDBInstance).manageMasterUserPassword = true;
  return TunnelSource.instance(instance);
};

const PORT_ATTRIBUTE = 7654;

test.each<[string, Make, object]>([
  ['of PostgreSQL, and has the database that RDS makes', created(), { engine: 'postgres', port: 5432, database: 'postgres' }],
  ['of PostgreSQL with a database', created({ databaseName: 'app' }), { engine: 'postgres', port: 5432, database: 'app' }],
  ['of PostgreSQL on a port of its own', created({ port: 6000 }), { engine: 'postgres', port: 6000, database: 'postgres' }],
  ['of MySQL', created({ engine: MYSQL }), { engine: 'mysql', port: 3306 }],
  ['of MariaDB', created({ engine: MARIADB, databaseName: 'app' }), { engine: 'mariadb', port: 3306, database: 'app' }],
  ['of SQL Server', created({ engine: SQL_SERVER, licenseModel: rds.LicenseModel.LICENSE_INCLUDED }), { engine: 'sqlserver-se', port: 1433 }],
  ['of Oracle, and has the SID that RDS makes', created({ engine: ORACLE }), { engine: 'oracle-se2', port: 1521, database: 'ORCL' }],
  ['of Oracle with an SID', created({ engine: ORACLE, databaseName: 'SALES' }), { engine: 'oracle-se2', port: 1521, database: 'SALES' }],
  ['restored, and has the port of the snapshot', restored(), { engine: 'postgres', port: PORT_ATTRIBUTE }],
  ['restored to a port of its own', restored({ port: 6000 }), { engine: 'postgres', port: 6000 }],
  ['a read replica, and has the port of its source', replica('postgres'), { engine: 'postgres', port: PORT_ATTRIBUTE }],
  ['imported', imported(), { name: 'Imported-DB', engine: 'postgres', port: 6543, host: { writer: 'instance.example' } }],
])('an instance that is %s is described', (_, make, target) => {
  const described = describedTarget(make);
  expect(described).toMatchObject({ kind: 'rds-instance', ...target });
  expect(described.database).toBe((target as { database?: string }).database);
  expect(described.host.reader).toBeUndefined();
});

test('a port that is a token is taken as it is from an import, and from what the instance says once it is deployed', () => {
  const port = Lazy.number({ produce: () => 6001 });
  expect(describedTarget(imported({ port })).port).toBe(6001);
  expect(describedTarget(created({ port })).port).toBe(PORT_ATTRIBUTE);
});

test('an instance that was looked up is told its engine', () => {
  const stack = testStack();
  const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
    instanceIdentifier: 'db', instanceEndpointAddress: 'instance.example', port: 3307, securityGroups: [],
  });
  expect(configOf(() => TunnelSource.instance(instance, { engine: 'mysql' }), stack)).toMatchObject({ engine: 'mysql', port: 3307 });
});

test('its security groups let the bastion in', () => {
  expect(waysIn(created())).toEqual([[{ 'Fn::GetAtt': [expect.stringMatching(/^InstanceSecurityGroup/), 'GroupId'] }, 5432]]);
  expect(waysIn(imported())).toEqual([['sg-1', 6543]]);
});

test('the target is called by a literal identifier, lower-cased', () => {
  expect(defaultName(created({ instanceIdentifier: 'AhbodeDB' }))).toBe('ahbodedb');
  expect(defaultName(imported())).toBe('imported-db');
});

const RESOURCE_ID = { 'Fn::GetAtt': [expect.stringMatching(/^Instance/), 'DbiResourceId'] };

test.each<[string, Make, unknown]>([
  ['created', created(), RESOURCE_ID],
  ['a read replica', replica('postgres'), RESOURCE_ID],
  ['imported with it', imported({ instanceResourceId: 'db-ABC' }), 'db-ABC'],
  ['imported without it', imported(), undefined],
  ['of SQL Server, to which nobody logs in by IAM', created({ engine: SQL_SERVER }), undefined],
  ['of Oracle, to which nobody logs in by IAM', created({ engine: ORACLE }), undefined],
])('the id for logging in by IAM to an instance that is %s', (_, make, id) => {
  expect(resolved(make, ({ rdsResourceId }) => rdsResourceId)).toEqual(id);
});

test.each<[string, Make, unknown]>([
  ['created', created(), { Ref: expect.stringMatching(/^InstanceSecretAttachment/) }],
  ['created with a password that RDS manages', managed, { 'Fn::GetAtt': [expect.stringMatching(/^Instance/), 'MasterUserSecret.SecretArn'] }],
  ['restored with its old password', restored(), undefined],
  ['a read replica', replica('postgres'), undefined],
  ['imported', imported(), undefined],
])('the secret of an instance that is %s', (_, make, arn) => {
  expect(resolved(make, ({ secret }) => secret?.secretArn)).toEqual(arn);
});

test.each<[string, Make, string]>([
  ['a read replica', replica(), 'Stack/Instance'],
  ['an imported instance', imported({ engine: undefined }), 'Stack/Imported'],
])('fails when the engine of %s is not known', (_, make, path) => {
  const stack = testStack();
  expect(() => targetInto(stack, make(stack))).toThrow(new Error(
    `the engine of the instance "${path}" is not known; pass engine to TunnelSource.instance`));
});

const NO_ENGINE = /^engine "postgresql" is not known; pass one of aurora-postgresql, postgres, .*, https, or none$/;

test('fails when the engine that is passed is none', () => {
  const stack = testStack();
  expect(() => targetInto(stack, replica('postgresql')(stack))).toThrow(NO_ENGINE);
});
