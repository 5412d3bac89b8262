import { Lazy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { type TunnelGrantOptions, TunnelSource, type TunnelTarget } from '../../../src';
import { importedCluster, someCluster } from '../support';
import { arn, connectPolicyOf, policiesIn, roleIn, someTarget, stackWithPlace, statementsOf } from './support';

const OPTIONAL = ['LogIn', 'ReadSecret', 'DecryptSecret', 'DescribeCluster'];

/** What options add, by the statement. */
function added(target: TunnelTarget, options: TunnelGrantOptions): Record<string, object> {
  const stack = Stack.of(target);
  target.grantConnect(roleIn(stack), options);
  const statements = Object.entries(statementsOf(connectPolicyOf(stack)));
  return Object.fromEntries(statements.filter(([sid]) => OPTIONAL.includes(sid)));
}

const secretIn = (stack: Stack, encryptionKey?: kms.IKey) => new secretsmanager.Secret(stack, 'Secret', { encryptionKey });

test.each<[string, TunnelGrantOptions]>([
  ['no options', {}],
  ['options that are off', { databaseUser: undefined, readSecret: false, describeCluster: false }],
])('%s add nothing', (_, options) => {
  const stack = stackWithPlace();
  const target = someTarget(stack, { credentialsSecret: secretIn(stack, new kms.Key(stack, 'Key')) });
  target.grantConnect(roleIn(stack, 'Other'));
  expect(added(target, options)).toEqual({});
  expect(connectPolicyOf(stack).Roles).toHaveLength(2);
});

test.each([
  ['a name', 'app', 'app'],
  ['a policy variable', '${aws:PrincipalTag/db-user}', '${aws:PrincipalTag/db-user}'],
])('a database user may be %s', (_, databaseUser, inArn) => {
  expect(added(someTarget(stackWithPlace()), { databaseUser })).toEqual({
    LogIn: { Sid: 'LogIn', Effect: 'Allow', Action: 'rds-db:connect', Resource: arn('rds-db', `dbuser:cluster-ABCDEFGHIJKL/${inArn}`) },
  });
});

test('a cluster that is created is named by the id that AWS gives it', () => {
  const stack = stackWithPlace();
  const source = TunnelSource.cluster(someCluster(stack, { clusterIdentifier: 'db' }));
  expect(JSON.stringify(added(someTarget(stack, { source }), { databaseUser: 'app' }))).toMatch(/"Fn::GetAtt":\["Cluster\w+","DBClusterResourceId"\]},"\/app"/);
});

const SECRET = { Ref: expect.stringMatching(/^Secret/) };

test('a secret may be read', () => {
  const stack = stackWithPlace();
  expect(added(someTarget(stack, { credentialsSecret: secretIn(stack) }), { readSecret: true })).toEqual({
    ReadSecret: { Sid: 'ReadSecret', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: SECRET },
  });
});

test('the secret of an administrator may be read where it is what people log in with', () => {
  const stack = stackWithPlace();
  const source = TunnelSource.cluster(someCluster(stack, { clusterIdentifier: 'db' }));
  expect(added(someTarget(stack, { source, administratorSecret: true }), { readSecret: true })).toMatchObject({
    ReadSecret: { Resource: { Ref: expect.stringMatching(/^ClusterSecret/) } },
  });
});

const VIA_SECRETS_MANAGER = { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } };

test('a secret with a key of the customer may be read and decrypted', () => {
  const stack = stackWithPlace();
  const credentialsSecret = secretIn(stack, new kms.Key(stack, 'Key'));
  expect(added(someTarget(stack, { credentialsSecret }), { readSecret: true })).toEqual({
    ReadSecret: expect.objectContaining({ Resource: SECRET }),
    DecryptSecret: {
      Sid: 'DecryptSecret',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
      Condition: VIA_SECRETS_MANAGER,
    },
  });
});

test('a key that is known by its alias is not named: IAM would not know it', () => {
  const stack = stackWithPlace();
  const credentialsSecret = secretIn(stack, kms.Alias.fromAliasName(stack, 'Key', 'alias/secrets'));
  expect(added(someTarget(stack, { credentialsSecret }), { readSecret: true })).toMatchObject({
    DecryptSecret: { Resource: arn('kms', 'key/*'), Condition: VIA_SECRETS_MANAGER },
  });
});

const SECRET_ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db';

test.each<[string, (stack: Stack) => secretsmanager.ISecret, unknown]>([
  ['by its name', (stack) => secretsmanager.Secret.fromSecretNameV2(stack, 'Login', 'db/app'), arn('secretsmanager', 'secret:db/app-??????')],
  ['by its ARN', (stack) => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Login', `${SECRET_ARN}-AbCdEf`), `${SECRET_ARN}-AbCdEf`],
  ['by the beginning of its ARN', (stack) => secretsmanager.Secret.fromSecretPartialArn(stack, 'Login', SECRET_ARN), `${SECRET_ARN}-??????`],
])('a secret that was imported %s may be read', (_, importSecret, resource) => {
  const stack = stackWithPlace();
  const target = someTarget(stack, { credentialsSecret: importSecret(stack) });
  expect(added(target, { readSecret: true })).toMatchObject({ ReadSecret: { Resource: resource } });
});

test('a cluster may be looked up, by the name that AWS keeps', () => {
  expect(added(someTarget(stackWithPlace()), { describeCluster: true })).toEqual({
    DescribeCluster: { Sid: 'DescribeCluster', Effect: 'Allow', Action: 'rds:DescribeDBClusters', Resource: arn('rds', 'cluster:imported-db') },
  });
});

test('all options at once, with the longest names, fit into a managed policy', () => {
  const stack = stackWithPlace();
  const credentialsSecret = secretIn(stack, new kms.Key(stack, 'Key'));
  const target = someTarget(stack, { credentialsSecret, targetName: 't'.repeat(128), prefix: `/${'p'.repeat(128)}` });
  expect(Object.keys(added(target, { databaseUser: 'u'.repeat(63), readSecret: true, describeCluster: true }))).toEqual(OPTIONAL);
  expect(JSON.stringify(connectPolicyOf(stack).PolicyDocument).length).toBeLessThan(6144);
});

test('the statements stay apart where the app merges what it can', () => {
  const stack = stackWithPlace();
  stack.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true);
  const target = someTarget(stack, { credentialsSecret: secretIn(stack, new kms.Key(stack, 'Key')) });
  expect(Object.keys(added(target, { databaseUser: 'app', readSecret: true, describeCluster: true }))).toEqual(OPTIONAL);
});

test('other options are another policy, the same ones the same, whatever is granted first', () => {
  const options: TunnelGrantOptions[] = [{}, { databaseUser: 'app' }, { describeCluster: true }, { databaseUser: 'app' }];
  const idsAfter = (granted: TunnelGrantOptions[]): string[] => {
    const stack = stackWithPlace();
    const target = someTarget(stack);
    const role = roleIn(stack);
    for (const each of granted) target.grantConnect(role, each).assertSuccess();
    expect(policiesIn(stack, 'ConnectPolicy').map(({ Roles }) => Roles)).toEqual(Array(3).fill([{ Ref: expect.stringMatching(/^Developers/) }]));
    return target.node.children.filter(({ node }) => node.id.startsWith('ConnectPolicy')).map(({ node }) => node.id).sort();
  };
  expect(idsAfter(options)).toEqual(['ConnectPolicy', 'ConnectPolicy:as=app', 'ConnectPolicy:cluster']);
  expect(idsAfter([...options].reverse())).toEqual(idsAfter(options));
});

test.each<[string, TunnelGrantOptions, TunnelGrantOptions]>([
  ['that is called like an option', { databaseUser: 'x:secret' }, { databaseUser: 'x', readSecret: true }],
  ['whose name has a slash', { databaseUser: 'a/b' }, { databaseUser: 'a--b' }],
  ['whose name is a policy variable', { databaseUser: '${aws:PrincipalTag/name}' }, { databaseUser: '${aws:username}' }],
])('a user %s has a policy of its own', (_, one, other) => {
  const stack = stackWithPlace();
  const target = someTarget(stack, { credentialsSecret: secretIn(stack) });
  target.grantConnect(roleIn(stack, 'One'), one);
  target.grantConnect(roleIn(stack, 'Other'), other);
  const granted = policiesIn(stack, 'ConnectPolicy').map((policy) => statementsOf(policy));
  expect(granted.map(({ LogIn }) => JSON.stringify(LogIn?.Resource).includes(`/${one.databaseUser}"`))).toEqual([true, false]);
  expect(granted.map(({ ReadSecret }) => ReadSecret !== undefined)).toEqual([one, other].map(({ readSecret }) => readSecret ?? false));
});

const NOT_ONE_USER = 'it must name one user, without "*", "?" and blanks; pass one user';

test.each<[string, string, string]>([
  ['a wildcard', 'app*', `databaseUser "app*" cannot be used: ${NOT_ONE_USER}`],
  ['all users', '*', `databaseUser "*" cannot be used: ${NOT_ONE_USER}`],
  ['a wildcard for one character', 'app?', `databaseUser "app?" cannot be used: ${NOT_ONE_USER}`],
  ['two names', 'app owner', `databaseUser "app owner" cannot be used: ${NOT_ONE_USER}`],
  ['empty', '', `databaseUser "" cannot be used: ${NOT_ONE_USER}`],
  ['a token', Lazy.string({ produce: () => '*' }), 'databaseUser cannot be a token: it could come to mean anybody; pass a literal string'],
])('fails when the database user is %s', (_, databaseUser, message) => {
  const stack = stackWithPlace();
  const target = someTarget(stack);
  const role = roleIn(stack);
  expect(() => target.grantConnect(role, { databaseUser })).toThrow(new Error(message));
  expect(policiesIn(stack, 'ConnectPolicy')).toEqual([]);
});

test('fails when a database user is granted and nobody can log in by IAM', () => {
  const stack = stackWithPlace();
  const target = someTarget(stack, { source: TunnelSource.cluster(importedCluster(stack)) });
  expect(() => target.grantConnect(roleIn(stack), { databaseUser: 'app' })).toThrow(new Error(
    'nobody can log in to "imported-db" by IAM, as far as is known: got databaseUser "app"; import it with its resource identifier, or leave databaseUser out'));
});

test('fails when there is no secret to read', () => {
  const stack = stackWithPlace();
  const target = someTarget(stack);
  expect(() => target.grantConnect(roleIn(stack), { readSecret: true })).toThrow(new Error(
    '"imported-db" has no secret to read: got readSecret; pass credentialsSecret or administratorSecret to the target'));
});

test('fails when there is no cluster to look up', () => {
  const stack = stackWithPlace();
  const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
    instanceIdentifier: 'db',
    instanceEndpointAddress: 'db.example',
    port: 5432,
    securityGroups: [],
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
  });
  const target = someTarget(stack, { source: TunnelSource.instance(instance) });
  expect(() => target.grantConnect(roleIn(stack), { describeCluster: true })).toThrow(new Error(
    '"db" is no RDS cluster: got describeCluster; leave describeCluster out'));
});
