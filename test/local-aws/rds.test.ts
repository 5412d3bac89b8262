import { DescribeDBClustersCommand, type DescribeDBClustersCommandInput } from '@aws-sdk/client-rds';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';

let stack: OrdersStack;
beforeEach(async () => {
  stack = await startOrdersStack();
});
afterEach(() => stack.close());

const describe = (input: DescribeDBClustersCommandInput = {}) => stack.rds.send(new DescribeDBClustersCommand(input));

test('describes a cluster of the template', async () => {
  const { DBClusters, Marker } = await describe({ DBClusterIdentifier: 'orders' });
  expect(Marker).toBeUndefined();
  expect(DBClusters).toEqual([expect.objectContaining({
    DBClusterIdentifier: 'orders',
    DBClusterArn: 'arn:aws:rds:us-east-1:123456789012:cluster:orders',
    DbClusterResourceId: expect.stringMatching(/^cluster-[A-Z0-9]{26}$/),
    Status: 'available',
    Engine: 'aurora-postgresql',
    EngineVersion: '17.7',
    DatabaseName: 'app',
    Endpoint: expect.stringMatching(/^orders\.cluster-[0-9a-f]{12}\.us-east-1\.rds\.amazonaws\.com$/),
    ReaderEndpoint: expect.stringMatching(/^orders\.cluster-ro-[0-9a-f]{12}\.us-east-1\.rds\.amazonaws\.com$/),
    Port: 5432,
    IAMDatabaseAuthenticationEnabled: true,
    MultiAZ: true,
  })]);
  expect(DBClusters![0]!.DBClusterMembers!.map((member) => [member.DBInstanceIdentifier, member.IsClusterWriter])).toEqual([
    [expect.stringMatching(/^orders-writer-/), true], [expect.stringMatching(/^orders-reader-/), false],
  ]);
});

test.each([
  ['its identifier in any case', 'ORDERS'],
  ['its ARN', 'arn:aws:rds:us-east-1:123456789012:cluster:orders'],
])('a cluster is found by %s', async (_, DBClusterIdentifier) => {
  expect((await describe({ DBClusterIdentifier })).DBClusters).toHaveLength(1);
});

test('filters by engine', async () => {
  const { DBClusters } = await describe({ Filters: [{ Name: 'engine', Values: ['aurora-mysql'] }] });
  expect(DBClusters!.map((cluster) => cluster.Port)).toEqual([3306]);
});

test('shows the status that it is given', async () => {
  stack.aws.clusters.get('orders').status = 'stopped';
  expect((await describe({ DBClusterIdentifier: 'orders' })).DBClusters![0]!.Status).toBe('stopped');
});

test('pages through clusters', async () => {
  const { clusters } = stack.aws;
  const orders = clusters.get('orders');
  for (let count = 1; count <= 22; count++) clusters.put({ ...orders, identifier: `copy-${count}` });
  const first = await describe({ MaxRecords: 20 });
  const second = await describe({ MaxRecords: 20, Marker: first.Marker });
  expect([first.DBClusters!.length, second.DBClusters!.length, second.Marker]).toEqual([20, 4, undefined]);
});

test('a cluster whose name needs escaping in XML comes through whole', async () => {
  stack.aws.clusters.put({ ...stack.aws.clusters.get('orders'), identifier: 'odd', databaseName: 'a<b>&"c"' });
  expect((await describe({ DBClusterIdentifier: 'odd' })).DBClusters![0]!.DatabaseName).toBe('a<b>&"c"');
});

test('fails when the cluster does not exist', async () => {
  await expect(describe({ DBClusterIdentifier: 'nobody' })).rejects.toMatchObject({
    name: 'DBClusterNotFoundFault', message: 'DBCluster nobody not found.', $metadata: { httpStatusCode: 404 },
  });
});

test('fails when the cluster is in another region', async () => {
  const { region: _, ...elsewhere } = stack.aws.clusters.get('orders');
  stack.aws.clusters.delete('orders');
  stack.aws.clusters.put({ ...elsewhere, region: 'eu-west-1' });
  await expect(describe({ DBClusterIdentifier: 'orders' })).rejects.toMatchObject({ name: 'DBClusterNotFoundFault' });
});

test.each<[string, DescribeDBClustersCommandInput]>([
  ['a filter is unknown', { Filters: [{ Name: 'colour', Values: ['red'] }] }],
  ['a page is too small', { MaxRecords: 19 }],
  ['a marker is not ours', { Marker: 'nonsense' }],
])('fails when %s', async (_, input) => {
  await expect(describe(input)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
