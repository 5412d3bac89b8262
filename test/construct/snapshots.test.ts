import { DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { TunnelableRdsCluster, TunnelBastion, TunnelSessionDocument, TunnelSource, TunnelTarget } from '../../src';
import { abridged } from '../support/abridged';
import { clusterProps, importedCluster, MYSQL, someCluster, someVpc, testApp } from './support';

/** Each way to say it, in one stack. Ids and names in these snapshots are API: a change replaces what people have deployed. */
const VARIANTS: Record<string, (stack: Stack) => void> = {
  'a bastion of its own': (stack) => {
    new TunnelableRdsCluster(stack, 'Tunnel', { targetName: 'db', cluster: someCluster(stack), vpc: someVpc(stack) });
  },
  'a shared bastion, two targets and a grantee of both': (stack) => {
    const bastion = new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
    const developers = new iam.Role(stack, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
    new TunnelableRdsCluster(stack, 'Created', { targetName: 'created', cluster: someCluster(stack), bastion }).grantConnect(developers);
    new TunnelableRdsCluster(stack, 'Known', { cluster: importedCluster(stack), bastion }).grantConnect(developers);
  },
  'a MySQL cluster': (stack) => {
    new TunnelableRdsCluster(stack, 'Tunnel', { targetName: 'db', cluster: someCluster(stack, { engine: MYSQL }), vpc: someVpc(stack) });
  },
  'the cluster made too': (stack) => {
    new TunnelableRdsCluster(stack, 'Tunnel', { clusterProps: clusterProps(stack, { clusterIdentifier: 'db' }) });
  },
  'a group behind endpoints of its own': (stack) => {
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc: someVpc(stack), vpcSubnets, vpcEndpoints: true, highAvailability: true });
  },
  'a host, the document of AWS, and all that can be granted': (stack) => {
    const developers = new iam.Role(stack, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
    const diskEncryptionKey = new kms.Key(stack, 'Key');
    const bastion = new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion', alwaysOn: true, diskEncryptionKey });
    const cluster = new TunnelTarget(stack, 'Cluster', {
      bastion,
      source: TunnelSource.cluster(someCluster(new Construct(stack, 'Theirs'))),
      targetName: 'db',
      administratorSecret: true,
      iamAuthentication: true,
    });
    cluster.grantConnect(developers, { databaseUser: 'app', readSecret: true, describeCluster: true });
    cluster.grantList(developers);
    new TunnelTarget(stack, 'Host', {
      bastion, source: TunnelSource.host({ host: 'db.internal', port: 8443, securityGroups: [] }), targetName: 'host', sessionDocument: TunnelSessionDocument.awsOwned(),
    }).grantConnect(developers);
  },
};

function templateOf(variant: (stack: Stack) => void): object {
  const stack = new Stack(testApp(), 'Stack', { synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) });
  variant(stack);
  return Template.fromStack(stack).toJSON();
}

test.each(Object.entries(VARIANTS))('the template of %s', (_, variant) => {
  expect(abridged(templateOf(variant))).toMatchSnapshot();
});

test.each(Object.entries(VARIANTS))('two syntheses of %s are identical', (_, variant) => {
  expect(JSON.stringify(templateOf(variant))).toBe(JSON.stringify(templateOf(variant)));
});
