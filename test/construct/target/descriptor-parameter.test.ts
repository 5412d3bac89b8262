import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { TunnelTargetProps } from '../../../src';
import type { Descriptor } from '../../../src/descriptor';
import { addTarget, descriptorOf, importedCluster, someCluster, testApp, testStack } from '../support';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf';

function credentialsFor(props: (stack: Stack) => Partial<TunnelTargetProps>): Descriptor['credentials'] {
  const stack = testStack();
  addTarget(stack, importedCluster(stack), props(stack));
  return descriptorOf(stack, 'imported-db').credentials;
}

const imported = (stack: Stack) => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', ARN);

test.each<[string, (stack: Stack) => Partial<TunnelTargetProps>, Descriptor['credentials']]>([
  ['nothing, by default', () => ({}), undefined],
  ['a secret', (stack) => ({ credentialsSecret: imported(stack) }), { secretArn: ARN }],
  ['that people log in by IAM', () => ({ iamAuthentication: true }), { iam: true }],
  ['that they do not', () => ({ iamAuthentication: false }), { iam: false }],
  ['both', (stack) => ({ credentialsSecret: imported(stack), iamAuthentication: true }), { secretArn: ARN, iam: true }],
])('of credentials the descriptor says %s', (_, props, credentials) => {
  expect(credentialsFor(props)).toEqual(credentials);
});

test.each<[string, (cluster: rds.DatabaseCluster) => Partial<TunnelTargetProps>, Descriptor['credentials']]>([
  ['not named by default', () => ({}), undefined],
  ['named when it is passed', ({ secret }) => ({ credentialsSecret: secret }), { secretArn: expect.stringMatching(/^ref-of-ClusterSecret/) }],
  ['named when it is asked for', () => ({ administratorSecret: true }), { secretArn: expect.stringMatching(/^ref-of-ClusterSecret/) }],
  ['not named when it is not asked for', () => ({ administratorSecret: false }), undefined],
])('the secret of a cluster that is created is %s', (_, props, credentials) => {
  const stack = testStack();
  const cluster = someCluster(stack, { clusterIdentifier: 'db' });
  addTarget(stack, cluster, props(cluster));
  expect(descriptorOf(stack, 'db').credentials).toEqual(credentials);
});

test('fails when the secret of an administrator is asked for, and another one passed', () => {
  expect(() => credentialsFor((stack) => ({ credentialsSecret: imported(stack), administratorSecret: true }))).toThrow(new Error(
    'administratorSecret and credentialsSecret cannot be used together: got both; pass one of them'));
});

test('fails when the secret of an administrator is asked for, and not known', () => {
  expect(() => credentialsFor(() => ({ administratorSecret: true }))).toThrow(new Error(
    'the secret of the administrator of "imported-db" is not known; pass credentialsSecret'));
});

test('a secret of another stack is named, and nothing of what it holds is in any template', () => {
  const app = testApp();
  const [home, away] = [testStack(app, 'Home'), testStack(app, 'Away')];
  const credentialsSecret = new secretsmanager.Secret(home, 'Secret', { generateSecretString: { secretStringTemplate: '{"username":"app"}', generateStringKey: 'password' } });
  addTarget(away, importedCluster(away), { credentialsSecret });
  expect(descriptorOf(away, 'imported-db').credentials).toEqual({ secretArn: expect.stringMatching(/^ref-of-Secret/) });
  expect(JSON.stringify(Template.fromStack(away).toJSON())).not.toMatch(/resolve:secretsmanager|username/);
});

test('the parameter of the largest target is within what the standard tier takes', () => {
  const stack = testStack();
  const host = `${'h'.repeat(63)}.cluster-ro-${'x'.repeat(12)}.ap-northeast-1.rds.amazonaws.com`;
  const cluster = importedCluster(stack, { clusterEndpointAddress: host, readerEndpointAddress: host });
  addTarget(stack, cluster, { targetName: 't'.repeat(128), database: 'd'.repeat(64), credentialsSecret: imported(stack), iamAuthentication: true });
  const [parameter] = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
  expect(JSON.stringify(parameter!.Properties.Value).length).toBeLessThan(4096);
});
