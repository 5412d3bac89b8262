import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as redshiftserverless from 'aws-cdk-lib/aws-redshiftserverless';
import { TunnelSource } from '../../../src';
import { defaultName, describedTarget, group, type Make, resolved, waysIn } from './support';

const cluster = (props: Partial<redshift.CfnClusterProps> = {}): Make => (stack) => TunnelSource.redshift(
  new redshift.CfnCluster(stack, 'Warehouse', {
    clusterType: 'single-node', dbName: 'sales', masterUsername: 'administrator', nodeType: 'ra3.large', manageMasterPassword: true, ...props,
  }), { securityGroups: [group(stack)] });

const workgroup = (props: Partial<redshiftserverless.CfnWorkgroupProps> = {}): Make => (stack) => TunnelSource.redshiftServerless(
  new redshiftserverless.CfnWorkgroup(stack, 'Workgroup', { workgroupName: 'Analysts', namespaceName: 'warehouse', ...props }),
  { securityGroups: [group(stack)] });

test.each<[string, Make, object]>([
  ['created', cluster(), { port: 5439 }],
  ['created on a port of its own', cluster({ port: 5440 }), { port: 5440 }],
  ['restored', cluster({ snapshotIdentifier: 'snapshot' }), { port: 7654 }],
])('a cluster of Redshift that is %s is described', (_, make, target) => {
  expect(describedTarget(make)).toEqual({
    kind: 'redshift-cluster',
    name: 'ref-of-Warehouse',
    engine: 'redshift',
    database: 'sales',
    host: { writer: 'endpoint.address-of-warehouse' },
    ...target,
  });
});

test.each<[string, Make, object]>([
  ['created', workgroup(), { port: 5439 }],
  ['created on a port of its own', workgroup({ port: 5440 }), { port: 5440 }],
])('a workgroup of Redshift Serverless that is %s is described', (_, make, target) => {
  expect(describedTarget(make)).toEqual({
    kind: 'redshift-workgroup', name: 'ref-of-Workgroup', engine: 'redshift', host: { writer: 'workgroup.endpoint.address-of-workgroup' }, ...target,
  });
});

test('its security groups let the bastion in', () => {
  for (const make of [cluster(), workgroup()]) expect(waysIn(make)).toEqual([['sg-1', 5439]]);
});

test('the target is called by a literal identifier, lower-cased', () => {
  expect(defaultName(cluster({ clusterIdentifier: 'Warehouse' }))).toBe('warehouse');
  expect(defaultName(workgroup())).toBe('analysts');
});

test.each<[string, Make, unknown]>([
  ['a password that Redshift manages', cluster(), { 'Fn::GetAtt': ['Warehouse', 'MasterPasswordSecretArn'] }],
  ['a password of one\'s own', cluster({ manageMasterPassword: undefined, masterUserPassword: '{{resolve:secretsmanager:warehouse}}' }), undefined],
])('the secret of a cluster with %s', (_, make, arn) => {
  expect(resolved(make, ({ secret }) => secret?.secretArn)).toEqual(arn);
});
