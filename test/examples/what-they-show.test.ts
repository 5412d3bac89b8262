import { Template } from 'aws-cdk-lib/assertions';
import { EXISTING } from '../../examples/bring-your-own-cluster/existing';
import type { Descriptor } from '../../src/descriptor';
import { descriptorOf } from '../construct/support';
import { abridged } from '../support/abridged';
import { type ExampleName, propertiesOf, resourcesOf, stacksOf } from './examples';

interface Shown {
  readonly target: Partial<Descriptor['target']>;
  readonly exid: string;
  readonly reader: boolean;
}

/** The targets that one can connect to when an example is deployed, as `connect` reads their descriptors. */
const TARGETS: Record<ExampleName, Record<string, Shown>> = {
  'ahbodedb': { ahbodedb: { target: { engine: 'aurora-postgresql', port: 5432, database: 'app' }, exid: 'vpc-main-bastion', reader: true } },
  'bring-your-own-cluster': {
    billing: { target: { engine: 'aurora-postgresql', port: EXISTING.port, name: EXISTING.clusterIdentifier }, exid: 'billing-bastion', reader: true },
  },
  'identity-center': { payroll: { target: { engine: 'aurora-postgresql', port: 5432 }, exid: 'payroll-bastion', reader: true } },
  'isolated-subnets': { ledger: { target: { engine: 'aurora-mysql', port: 3306 }, exid: 'ledger-bastion', reader: true } },
  'minimal': { minimal: { target: { engine: 'aurora-postgresql', port: 5432 }, exid: 'minimal-bastion', reader: true } },
  'shared-bastion': {
    orders: { target: { engine: 'aurora-postgresql', port: 5432, kind: 'rds-cluster' }, exid: 'shared-bastion', reader: true },
    reports: { target: { engine: 'mysql', port: 3306, kind: 'rds-instance' }, exid: 'shared-bastion', reader: false },
    valkey: { target: { engine: 'valkey', port: 6379, kind: 'elasticache-replication-group' }, exid: 'shared-bastion', reader: true },
  },
};
const ROWS = Object.entries(TARGETS).flatMap(([example, targets]) => Object.entries(targets).map(([name, shown]) => ({ example, name, ...shown })));

test.each(ROWS)('$example: connect understands the descriptor of $name, and is given a document that fixes host and port', ({ example, name, target, exid, reader }) => {
  const descriptor = descriptorOf(stacksOf(example as ExampleName)[0]!, name);
  expect(descriptor).toMatchObject({ name, bastion: { exid }, target, document: { writer: { fixed: true } } });
  expect([descriptor.target.host.reader !== undefined, descriptor.document.reader?.fixed === true]).toEqual([reader, reader]);
});

test.each(Object.keys(TARGETS) as ExampleName[])('%s: it has these targets and no other', (example) => {
  expect(propertiesOf(example, 'AWS::SSM::Parameter').map(({ Name }) => Name).sort()).toEqual(Object.keys(TARGETS[example]).map((name) => `/tunnelable-rds/${name}`));
});

test('bring-your-own-cluster: of what is there nothing is made anew, and only rules and a policy are added to it', () => {
  const types = new Set(resourcesOf('bring-your-own-cluster').map(({ Type }) => Type));
  expect([...types].filter((type) => /RDS|VPC|Subnet$/.test(type))).toEqual([]);
  const [ingress] = propertiesOf('bring-your-own-cluster', 'AWS::EC2::SecurityGroupIngress');
  expect(ingress).toMatchObject({ GroupId: EXISTING.securityGroupIds[0], FromPort: EXISTING.port, ToPort: EXISTING.port });
  const grant = propertiesOf('bring-your-own-cluster', 'AWS::IAM::ManagedPolicy').find(({ Roles }) => Roles?.includes(EXISTING.roleName));
  expect(abridged(grant.PolicyDocument.Statement)).toContainEqual({
    Sid: 'LogIn',
    Effect: 'Allow',
    Action: 'rds-db:connect',
    Resource: `arn:<AWS::Partition>:rds-db:<AWS::Region>:<AWS::AccountId>:dbuser:${EXISTING.clusterResourceId}/developer`,
  });
});

test('identity-center: the permission set holds what the stack of the database prints, and names its account wherever an account is named', () => {
  const [database] = stacksOf('identity-center');
  const { Value } = Template.fromStack(database!).findOutputs('ConnectPolicy').ConnectPolicy!;
  const [permissionSet] = propertiesOf('identity-center', 'AWS::SSO::PermissionSet');
  expect(JSON.parse(abridged(Value))).toEqual(abridged(permissionSet.InlinePolicy));
  const accounts = JSON.stringify(abridged(permissionSet.InlinePolicy)).match(/:\d{12}:/g);
  expect(new Set(accounts)).toEqual(new Set([`:${database!.account}:`]));
});

test('isolated-subnets: there is no way to the internet, and one to Systems Manager', () => {
  const types = resourcesOf('isolated-subnets').map(({ Type }) => Type);
  expect(types).not.toContain('AWS::EC2::InternetGateway');
  expect(types).not.toContain('AWS::EC2::NatGateway');
  const services = propertiesOf('isolated-subnets', 'AWS::EC2::VPCEndpoint').map(({ ServiceName }) => abridged(ServiceName));
  expect(services.sort()).toEqual(['com.amazonaws.<AWS::Region>.ssm', 'com.amazonaws.<AWS::Region>.ssmmessages']);
});

test('shared-bastion: one instance; developers and analysts may reach what is theirs, and one may list', () => {
  expect(propertiesOf('shared-bastion', 'AWS::EC2::Instance')).toHaveLength(1);
  const documentsOf = (role: string): string[] => propertiesOf('shared-bastion', 'AWS::IAM::ManagedPolicy')
    .filter(({ Roles }) => Roles?.some(({ Ref }: { Ref: string }) => Ref.startsWith(role)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Sid }) => Sid === 'StartSessionWithDocument')
    .flatMap(({ Resource }) => [abridged(Resource)].flat())
    .map((arn: string) => arn.replace(/.*:document\/(.*)-[0-9a-f]{8}$/, '$1'));
  expect(documentsOf('Developers').sort()).toEqual(['tunnel-orders-reader', 'tunnel-orders-writer', 'tunnel-valkey-reader', 'tunnel-valkey-writer']);
  expect(documentsOf('Analysts')).toEqual(['tunnel-reports-writer']);
  expect(JSON.stringify(resourcesOf('shared-bastion')).match(/GetParametersByPath/g)).toHaveLength(1);
});
