import type { Stack } from 'aws-cdk-lib';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as redshiftserverless from 'aws-cdk-lib/aws-redshiftserverless';
import { TunnelBastion, TunnelSource, TunnelTarget } from '../../src';
import { ENGINES } from '../../src/engines';
import { configOf, type Make, targetInto } from './sources/support';
import { descriptorOf, MYSQL, POSTGRES, someCluster, someVpc, testApp, testStack } from './support';

const CLASS = ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM);
const vpcOf = (stack: Stack): ec2.IVpc => stack.node.tryFindChild('Vpc') as ec2.IVpc | undefined ?? someVpc(stack);
const guarded = (stack: Stack, id: string) => ({ securityGroups: [new ec2.SecurityGroup(stack, `${id}Group`, { vpc: vpcOf(stack) })] });

/** One of each kind, made in this app. What is not known before deployment is a token, wherever that can be. */
const FACTORIES: [string, Make][] = [
  ['cluster', (stack) => TunnelSource.cluster(new rds.DatabaseClusterFromSnapshot(stack, 'Restored', {
    engine: MYSQL, snapshotIdentifier: 'snapshot', vpc: vpcOf(stack), writer: rds.ClusterInstance.serverlessV2('Writer'),
  }))],
  ['instance', (stack) => TunnelSource.instance(new rds.DatabaseInstanceFromSnapshot(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.POSTGRES, snapshotIdentifier: 'snapshot', vpc: vpcOf(stack), instanceType: CLASS,
  }))],
  ['proxy', (stack) => TunnelSource.proxy(someCluster(stack, { engine: POSTGRES }).addProxy('Proxy', {
    vpc: vpcOf(stack), secrets: [new rds.DatabaseSecret(stack, 'User', { username: 'app' })],
  }))],
  ['replicationGroup', (stack) => TunnelSource.replicationGroup(new elasticache.CfnReplicationGroup(stack, 'Replicas', {
    replicationGroupDescription: 'Replicas', engine: 'valkey', numCacheClusters: 2, snapshotName: 'snapshot',
  }), guarded(stack, 'Replicas'))],
  ['cacheCluster', (stack) => TunnelSource.cacheCluster(new elasticache.CfnCacheCluster(stack, 'Cache', {
    engine: 'memcached', cacheNodeType: 'cache.t4g.micro', numCacheNodes: 1,
  }), guarded(stack, 'Cache'))],
  ['serverlessCache', (stack) => TunnelSource.serverlessCache(new elasticache.CfnServerlessCache(stack, 'Serverless', {
    engine: 'redis', serverlessCacheName: 'serverless',
  }), guarded(stack, 'Serverless'))],
  ['openSearch', (stack) => TunnelSource.openSearch(new opensearch.Domain(stack, 'Domain', {
    version: opensearch.EngineVersion.OPENSEARCH_2_19, vpc: vpcOf(stack), vpcSubnets: [{ subnets: [vpcOf(stack).privateSubnets[0]!] }],
  }))],
  ['documentDb', (stack) => TunnelSource.documentDb(new docdb.DatabaseCluster(stack, 'Documents', {
    masterUser: { username: 'administrator' }, vpc: vpcOf(stack), instanceType: CLASS,
  }))],
  ['redshift', (stack) => TunnelSource.redshift(new redshift.CfnCluster(stack, 'Warehouse', {
    clusterType: 'single-node', dbName: 'sales', masterUsername: 'administrator', nodeType: 'ra3.large', snapshotIdentifier: 'snapshot',
  }), guarded(stack, 'Warehouse'))],
  ['redshiftServerless', (stack) => TunnelSource.redshiftServerless(new redshiftserverless.CfnWorkgroup(stack, 'Workgroup', {
    workgroupName: 'analysts',
  }), guarded(stack, 'Workgroup'))],
  ['host', (stack) => TunnelSource.host({ host: 'search.internal', engine: 'https', ...guarded(stack, 'Host') })],
];

test('there is one of each kind in the table', () => {
  const made = Object.getOwnPropertyNames(TunnelSource).filter((name) => typeof TunnelSource[name as 'host'] === 'function');
  expect(FACTORIES.map(([name]) => name)).toEqual(made);
});

test.each(FACTORIES)('a source made by %s has an engine that connect knows', (_, make) => {
  const { engine, kind } = configOf(make);
  expect(Object.keys(ENGINES)).toContain(engine);
  expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test('connect knows every engine that the CDK has a name for', () => {
  const named = [rds.DatabaseInstanceEngine, rds.DatabaseClusterEngine].flatMap((engines): Partial<rds.IEngine>[] => Object.values(engines));
  const types = named.map(({ engineType }) => engineType).filter((type) => type !== undefined);
  expect(types.length).toBeGreaterThan(10);
  expect(Object.keys(ENGINES)).toEqual(expect.arrayContaining(types));
});

test.each(FACTORIES)('a source made by %s may be in another stack than its target', (_, make) => {
  const app = testApp();
  const [home, away] = [testStack(app, 'Home'), testStack(app, 'Away')];
  const bastionStack = testStack(app, 'BastionStack');
  const bastion = new TunnelBastion(bastionStack, 'Bastion', { vpc: someVpc(bastionStack), exid: 'bastion' });
  targetInto(away, make(home), { bastion, targetName: 'db' });
  expect(descriptorOf(away, 'db').target).toMatchObject({ kind: configOf(make).kind, port: expect.any(Number) });
});

test('one of each kind may be behind one bastion, in one stack', () => {
  const app = testApp();
  const stack = testStack(app);
  const bastion = new TunnelBastion(stack, 'Bastion', { vpc: vpcOf(stack), exid: 'bastion' });
  for (const [name, make] of FACTORIES) new TunnelTarget(stack, name, { bastion, source: make(stack), targetName: name });
  expect(() => app.synth()).not.toThrow();
  const ports = FACTORIES.map(([name]) => descriptorOf(stack, name).target.port);
  expect(ports).toEqual([7654, 7654, 5432, 7654, 11211, 6379, 443, 27017, 7654, 5439, 443]);
});

test('two targets may lead into one source', () => {
  const stack = testStack();
  const cluster = someCluster(stack);
  (cluster.node.defaultChild as rds.CfnDBCluster).manageMasterUserPassword = true;
  const source = TunnelSource.cluster(cluster);
  const bastion = new TunnelBastion(stack, 'Bastion', { vpc: vpcOf(stack), exid: 'bastion' });
  for (const name of ['one', 'two']) new TunnelTarget(stack, name, { bastion, source, targetName: name });
  expect(descriptorOf(stack, 'one').target).toEqual(descriptorOf(stack, 'two').target);
});
