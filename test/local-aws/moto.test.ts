import { DescribeInstancesCommand, RunInstancesCommand, StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateDBClusterCommand, DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Child, startChild } from '../support/child-process';
import { isInstalled, testWith } from '../support/optional-tools';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';
import { type SdkClients, sdkClients } from '../support/sdk-clients';

const testWithMoto = testWith('moto_server');
const NOBODY = 'i-0123456789abcdef0';

/** The same small stack twice: ours, and one that was made in moto, call by call. */
let ours: OrdersStack & { bastion: string };
let motos: SdkClients & { bastion: string };
let server: Child;

beforeAll(async () => {
  if (!isInstalled('moto_server')) return;
  const stack = await startOrdersStack();
  ours = { ...stack, bastion: stack.aws.instances.get().id };
  server = startChild('moto_server', ['-H', '127.0.0.1', '-p', '0']);
  const [, endpoint] = await server.line(/Running on (http:\/\/127\.0\.0\.1:\d+)/);
  const clients = sdkClients({ AWS_ENDPOINT_URL: endpoint!, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'moto', AWS_SECRET_ACCESS_KEY: 'moto' });
  motos = { ...clients, bastion: await makeOrdersStack(clients) };
});
afterAll(async () => {
  if (!isInstalled('moto_server')) return;
  await ours.close();
  motos.destroy();
  await server.stop();
});

async function makeOrdersStack({ ec2, rds, ssm }: SdkClients): Promise<string> {
  const Tags = [{ Key: 'exid', Value: 'orders-bastion' }];
  const { Instances } = await ec2.send(new RunInstancesCommand({
    ImageId: 'ami-12c6146b', InstanceType: 't4g.micro', MinCount: 1, MaxCount: 1, TagSpecifications: [{ ResourceType: 'instance', Tags }],
  }));
  await rds.send(new CreateDBClusterCommand({
    DBClusterIdentifier: 'orders', Engine: 'aurora-postgresql', DatabaseName: 'app', MasterUsername: 'postgres', MasterUserPassword: 'not-a-secret',
  }));
  await ssm.send(new PutParameterCommand({ Name: '/tunnelable-rds/orders', Type: 'String', Value: '{}' }));
  return Instances![0]!.InstanceId!;
}

type Ask = (clients: SdkClients & { bastion: string }) => Promise<unknown>;

/** Every path of an answer, and the type of what is there. Of lists, the first item stands for all. */
function shape(value: unknown, path = ''): Record<string, string> {
  if (value instanceof Date) return { [path]: 'date' };
  if (Array.isArray(value)) return { [path]: 'list', ...(value.length > 0 && shape(value[0], `${path}[]`)) };
  if (typeof value !== 'object' || value === null) return { [path]: typeof value };
  const members = Object.entries(value).filter(([key, member]) => member !== undefined && key !== '$metadata');
  return Object.assign({ [path]: 'object' }, ...members.map(([key, member]) => shape(member, `${path}.${key}`)));
}

const INSTANCE = '.Reservations[].Instances[]';

testWithMoto.each<[string, Ask, string[]]>([
  ['DescribeInstances by id', ({ ec2, bastion }) => ec2.send(new DescribeInstancesCommand({ InstanceIds: [bastion] })),
    ['.InstanceId', '.State.Code', '.State.Name', '.LaunchTime', '.Placement.AvailabilityZone', '.PrivateIpAddress', '.Tags[].Key', '.Tags[].Value'].map((path) => INSTANCE + path)],
  ['DescribeInstances by tag', ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:exid', Values: ['orders-bastion'] }] })),
    [`${INSTANCE}.InstanceId`]],
  ['DescribeInstances without a match', ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:exid', Values: ['nobody'] }] })),
    ['.Reservations']],
  ['DescribeDBClusters', ({ rds }) => rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'orders' })),
    ['.DBClusterIdentifier', '.DBClusterArn', '.DbClusterResourceId', '.Status', '.Engine', '.Endpoint', '.ReaderEndpoint', '.Port', '.DatabaseName']
      .map((path) => `.DBClusters[]${path}`)],
  ['GetParameter', ({ ssm }) => ssm.send(new GetParameterCommand({ Name: '/tunnelable-rds/orders' })),
    ['.Name', '.Type', '.Value', '.Version', '.LastModifiedDate', '.ARN', '.DataType'].map((path) => `.Parameter${path}`)],
  ['GetParametersByPath', ({ ssm }) => ssm.send(new GetParametersByPathCommand({ Path: '/tunnelable-rds' })),
    ['.Parameters[].Name', '.Parameters[].Value']],
  ['GetCallerIdentity', ({ sts }) => sts.send(new GetCallerIdentityCommand({})), ['.Account', '.Arn', '.UserId']],
  ['StopInstances', ({ ec2, bastion }) => ec2.send(new StopInstancesCommand({ InstanceIds: [bastion] })),
    ['.StoppingInstances[].CurrentState.Code', '.StoppingInstances[].PreviousState.Name']],
])('%s has the shape that moto gives it', async (_, ask, mustHave) => {
  const [ourShape, motoShape] = [shape(await ask(ours)), shape(await ask(motos))];
  const common = Object.keys(ourShape).filter((path) => Object.hasOwn(motoShape, path));
  expect(common).toEqual(expect.arrayContaining(mustHave));
  expect(pick(ourShape, common)).toEqual(pick(motoShape, common));
});

testWithMoto.each<[string, Ask]>([
  ['InvalidInstanceID.NotFound', ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ InstanceIds: [NOBODY] }))],
  ['InvalidInstanceID.NotFound', ({ ec2 }) => ec2.send(new StartInstancesCommand({ InstanceIds: [NOBODY] }))],
  ['DBClusterNotFoundFault', ({ rds }) => rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'nobody' }))],
  ['ParameterNotFound', ({ ssm }) => ssm.send(new GetParameterCommand({ Name: '/nothing' }))],
])('fails with %s as moto does', async (code, ask) => {
  const refusals = await Promise.all([ours, motos].map((clients) => ask(clients).then(() => 'answered', (error: Error & { $fault: string }) => [error.name, error.$fault])));
  expect(refusals).toEqual([[code, 'client'], [code, 'client']]);
});

function pick(shapes: Record<string, string>, paths: string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, shapes[path]!]));
}
