import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as rds from 'aws-cdk-lib/aws-rds';
import { TunnelBastion, TunnelSource, type TunnelSourceConfig, TunnelTarget } from '../../src';
import { ACCOUNT, addTarget, descriptorOf, importedCluster, MYSQL, REGION, someCluster, someVpc, testApp, testStack } from './support';

const fixed = (name: string) => ({ name, fixed: true });

test('the descriptor of a created cluster says all that connect has to know', () => {
  const stack = testStack();
  const cluster = someCluster(stack, { defaultDatabaseName: 'app' });
  addTarget(stack, cluster, { targetName: 'ahbodedb' });
  expect(descriptorOf(stack, 'ahbodedb')).toEqual({
    version: 1,
    name: 'ahbodedb',
    mechanism: 'aws.ssm',
    account: ACCOUNT,
    region: REGION,
    bastion: { exid: 'Target-bastion', instanceId: expect.stringMatching(/^ref-of-TargetBastionInstance/) },
    target: {
      kind: 'rds-cluster',
      name: expect.stringMatching(/^ref-of-Cluster/),
      engine: 'aurora-postgresql',
      port: 5432,
      database: 'app',
      host: { writer: expect.stringMatching(/^endpoint\.address-of-cluster/), reader: expect.stringMatching(/^readendpoint\.address-of-cluster/) },
    },
    document: { writer: fixed('tunnel-ahbodedb-writer-ce012ea2'), reader: fixed('tunnel-ahbodedb-reader-ce012ea2') },
  });
});

test('the descriptor of an imported cluster says what it was imported with', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack));
  expect(descriptorOf(stack, 'imported-db').target).toEqual({
    kind: 'rds-cluster', name: 'Imported-DB', engine: 'aurora-postgresql', port: 6543, host: { writer: 'writer.example', reader: 'reader.example' },
  });
});

test('an imported cluster without a reader has a writer only', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack, { readerEndpointAddress: undefined }));
  const { target, document } = descriptorOf(stack, 'imported-db');
  expect(target.host).toEqual({ writer: 'writer.example' });
  expect(document).toEqual({ writer: fixed('tunnel-imported-db-writer-91464421') });
});

test('the parameter is a plain one of the standard tier, below the prefix', () => {
  const stack = testStack();
  const target = addTarget(stack, importedCluster(stack), { prefix: '/team/tunnels' });
  expect(target.parameterName).toBe('/team/tunnels/imported-db');
  Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', { Name: '/team/tunnels/imported-db', Type: 'String', Tier: 'Standard' });
});

test('the database can be named', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack), { database: 'orders' });
  expect(descriptorOf(stack, 'imported-db').target.database).toBe('orders');
});

test.each<[string, Partial<rds.DatabaseClusterProps>, string, number]>([
  ['a PostgreSQL cluster', {}, 'aurora-postgresql', 5432],
  ['a PostgreSQL cluster on a port of its own', { port: 6000 }, 'aurora-postgresql', 6000],
  ['a MySQL cluster', { engine: MYSQL }, 'aurora-mysql', 3306],
  ['a MySQL cluster on a port of its own', { engine: MYSQL, port: 6001 }, 'aurora-mysql', 6001],
])('engine and port are right for %s', (_, props, engine, port) => {
  const stack = testStack();
  addTarget(stack, someCluster(stack, props), { targetName: 'db' });
  expect(descriptorOf(stack, 'db').target).toMatchObject({ engine, port });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: port, ToPort: port });
  template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: port, ToPort: port });
});

test('a port that nobody knows before deployment is a number in the descriptor, in the stack of the cluster and in another', () => {
  const app = testApp();
  const home = testStack(app, 'Home');
  const cluster = new rds.DatabaseClusterFromSnapshot(home, 'Cluster', {
    engine: MYSQL, snapshotIdentifier: 'snapshot', vpc: someVpc(home), writer: rds.ClusterInstance.serverlessV2('Writer'),
  });
  const away = testStack(app, 'Away');
  addTarget(home, cluster, { targetName: 'near' }, 'Near');
  addTarget(away, cluster, { targetName: 'far' }, 'Far');
  expect(descriptorOf(home, 'near').target.port).toBe(7654);
  expect(descriptorOf(away, 'far').target.port).toBe(7654);
  Template.fromStack(home).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: { 'Fn::GetAtt': Match.arrayWith(['Endpoint.Port']) } });
});

test('an imported cluster without security groups is warned of', () => {
  const stack = testStack();
  addTarget(stack, importedCluster(stack, { securityGroups: undefined }));
  Annotations.fromStack(stack).hasWarning('/Stack/Target', Match.stringLikeRegexp(
    'the security groups of "imported-db" are not known, so nothing lets the bastion reach it; '
    + 'pass securityGroups to its import or to the TunnelSource, or else add the rules to both sides yourself'));
});

test('a source of one\'s own will do', () => {
  class HostSource extends TunnelSource {
    bind(): TunnelSourceConfig {
      return { kind: 'host', name: 'cache', engine: 'redis', port: 6379, writerHost: 'cache.example', securityGroups: [], defaultTargetName: 'cache' };
    }
  }
  const stack = testStack();
  const bastion = new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
  new TunnelTarget(stack, 'Target', { bastion, source: new HostSource() });
  expect(descriptorOf(stack, 'cache').target).toEqual({ kind: 'host', name: 'cache', engine: 'redis', port: 6379, host: { writer: 'cache.example' } });
});

test.each<[string, Partial<rds.DatabaseClusterAttributes>, string]>([
  ['endpoint', { clusterEndpointAddress: undefined }, 'clusterEndpointAddress and port'],
  ['endpoint', { port: undefined }, 'clusterEndpointAddress and port'],
  ['engine', { engine: undefined }, 'engine'],
])('fails when the %s of an imported cluster is not known: %j', (what, attributes, toPass) => {
  const stack = testStack();
  expect(() => addTarget(stack, importedCluster(stack, attributes))).toThrow(new Error(
    `the ${what} of the imported cluster "Stack/Imported" is not known; pass ${toPass} to fromDatabaseClusterAttributes`));
});

test.each([
  ['is empty', '', 'target name "" cannot be used: it is empty; pass another targetName'],
  ['is a command', 'logs', 'target name "logs" cannot be used: the name is reserved for a command of `connect`; pass another targetName'],
  ['has other characters', 'a b',
    'target name "a b" cannot be used: it must start with a letter or digit and hold only letters, digits, "_", "." and "-"; pass another targetName'],
  ['is a token', Lazy.string({ produce: () => 'late' }), 'targetName cannot be a token: people have to type it; pass a literal string'],
])('fails when the name %s', (_, targetName, message) => {
  const stack = testStack();
  expect(() => addTarget(stack, importedCluster(stack), { targetName })).toThrow(new Error(message));
});

test('fails when the cluster has no literal identifier and the target no name', () => {
  const stack = testStack();
  expect(() => addTarget(stack, someCluster(stack))).toThrow(new Error(
    'targetName has no default: the identifier of what it leads into is not known at synthesis; pass targetName'));
});

test.each([
  ['is no path', 'team', 'prefix "team" cannot be used: it must look like "/folder" or "/folder/folder", of letters, digits, "_", "." and "-"; pass another prefix'],
  ['is reserved', '/aws/team', 'prefix "/aws/team" cannot be used: Parameter Store keeps names that start with "aws" or "ssm" to itself; pass another prefix'],
  ['is a token', Lazy.string({ produce: () => '/late' }), 'prefix cannot be a token: people have to type it; pass a literal string'],
])('fails when the prefix %s', (_, prefix, message) => {
  const stack = testStack();
  expect(() => addTarget(stack, importedCluster(stack), { prefix })).toThrow(new Error(message));
});

test('fails when two targets of a stack have one name', () => {
  const app = testApp();
  const stack = testStack(app);
  const cluster = importedCluster(stack);
  addTarget(stack, cluster, {}, 'One');
  addTarget(stack, cluster, {}, 'Two');
  expect(() => app.synth()).toThrow('target name "imported-db" is also the name of "Stack/Two"; pass another targetName');
});

test('fails when two targets of one account and region have one name', () => {
  expect(() => appWithNamesakes(REGION, REGION).synth()).toThrow(
    'target name "imported-db" is also the name of "Second/Target"; pass another targetName');
});

test('targets of two regions may have one name', () => {
  expect(() => appWithNamesakes(REGION, 'us-east-1').synth()).not.toThrow();
});

test('fails when targets of two stacks that do not say where they go have one name', () => {
  expect(() => appWithNamesakes(undefined, undefined).synth()).toThrow(
    'target name "imported-db" is also the name of "Second/Target"; pass another targetName, or pass env to both stacks if they go to different places');
});

function appWithNamesakes(...regions: (string | undefined)[]): App {
  const app = testApp();
  regions.forEach((region, index) => {
    const stack = new Stack(app, ['First', 'Second'][index]!, { env: region ? { account: ACCOUNT, region } : undefined });
    addTarget(stack, importedCluster(stack));
  });
  return app;
}
