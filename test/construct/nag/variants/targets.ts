import { Fn, SecretValue, type Stack, Token } from 'aws-cdk-lib';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as redshiftserverless from 'aws-cdk-lib/aws-redshiftserverless';
import { TunnelableRdsCluster, TunnelSource } from '../../../../src';
import { clusterProps, importedCluster, POSTGRES, someCluster, someVpc } from '../../support';
import { bastionIn, groupIn, targetIn, type Variant } from './variant';

type SourceIn = (stack: Stack) => TunnelSource;

const password = SecretValue.ssmSecure('password');
const guardedBy = (stack: Stack) => ({ securityGroups: [groupIn(stack)] });

/** Made in another stack of the app. A port that CloudFormation chooses is a token there. */
const SOURCES: Readonly<Record<string, SourceIn>> = {
  'a cluster': (stack) => TunnelSource.cluster(someCluster(stack)),
  'an imported cluster': (stack) => TunnelSource.cluster(importedCluster(stack)),
  'a cluster from a snapshot': (stack) => TunnelSource.cluster(new rds.DatabaseClusterFromSnapshot(stack, 'Cluster', {
    engine: POSTGRES,
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc: someVpc(stack),
    snapshotIdentifier: 'snapshot',
  })),
  'an instance': (stack) => TunnelSource.instance(new rds.DatabaseInstance(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }), vpc: someVpc(stack), storageEncrypted: true,
  })),
  'an imported instance': (stack) => TunnelSource.instance(rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
    instanceIdentifier: 'db', instanceEndpointAddress: 'db.example', port: 5432, ...guardedBy(stack),
  }), { engine: 'postgres' }),
  'a proxy': (stack) => {
    const cluster = someCluster(stack);
    return TunnelSource.proxy(cluster.addProxy('Proxy', { secrets: [cluster.secret!], vpc: cluster.vpc }));
  },
  'an imported proxy': (stack) => TunnelSource.proxy(rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Proxy', {
    dbProxyName: 'proxy', dbProxyArn: 'arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-1', endpoint: 'proxy.example', securityGroups: [],
  }), { engine: 'postgres', ...guardedBy(stack) }),
  'a replication group': (stack) => TunnelSource.replicationGroup(new elasticache.CfnReplicationGroup(stack, 'Cache', {
    engine: 'valkey', replicationGroupDescription: 'Cache', numCacheClusters: 2, snapshotName: 'snapshot', transitEncryptionEnabled: true,
  }), guardedBy(stack)),
  'a cache cluster': (stack) => TunnelSource.cacheCluster(new elasticache.CfnCacheCluster(stack, 'Cache', {
    engine: 'redis', cacheNodeType: 'cache.t4g.micro', numCacheNodes: 1,
  }), guardedBy(stack)),
  'a serverless cache': (stack) => TunnelSource.serverlessCache(new elasticache.CfnServerlessCache(stack, 'Cache', {
    engine: 'valkey', serverlessCacheName: 'cache',
  }), guardedBy(stack)),
  'a domain of OpenSearch': (stack) => TunnelSource.openSearch(new opensearch.Domain(stack, 'Domain', {
    version: opensearch.EngineVersion.OPENSEARCH_2_19, vpc: someVpc(stack), vpcSubnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
  })),
  'a cluster of DocumentDB': (stack) => TunnelSource.documentDb(new docdb.DatabaseCluster(stack, 'Cluster', {
    masterUser: { username: 'admin1' }, instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM), vpc: someVpc(stack),
  })),
  'a cluster of Redshift': (stack) => TunnelSource.redshift(new redshift.CfnCluster(stack, 'Cluster', {
    clusterType: 'single-node', dbName: 'dev', nodeType: 'ra3.large', masterUsername: 'admin', masterUserPassword: password.unsafeUnwrap(),
  }), guardedBy(stack)),
  'a workgroup of Redshift Serverless': (stack) => TunnelSource.redshiftServerless(new redshiftserverless.CfnWorkgroup(stack, 'Workgroup', {
    workgroupName: 'workgroup',
  }), guardedBy(stack)),
  'a host': (stack) => TunnelSource.host({ host: 'db.example', port: 8443, readerHost: 'reader.example', ...guardedBy(stack) }),
  'a host whose port is not known yet': (stack) => TunnelSource.host({ host: 'db.example', port: Token.asNumber(Fn.importValue('Port')), ...guardedBy(stack) }),
};

export const TARGETS: Variant[] = [
  ...Object.entries(SOURCES).map(([name, sourceIn]): Variant => ({
    name: `a target of ${name}`,
    build: (ours, theirs) => targetIn(ours, { source: sourceIn(theirs), bastion: bastionIn(ours) }),
  })),
  {
    name: 'a cluster and its tunnel in one',
    build: (ours) => new TunnelableRdsCluster(ours, 'Tunnel', { targetName: 'db', clusterProps: clusterProps(ours) }),
  },
];
