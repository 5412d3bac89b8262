import { getRdsCluster } from '../../src/aws/slow-path';
import { context, queryError, startStubAws, type StubAws, xml } from './stub-aws';

const described = (cluster: string) => xml(`<DescribeDBClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBClustersResult>
  <DBClusters><DBCluster>${cluster}</DBCluster></DBClusters>
</DescribeDBClustersResult></DescribeDBClustersResponse>`);
const NAMED = `<DBClusterIdentifier>ahbodedb</DBClusterIdentifier><Engine>aurora-postgresql</Engine><Port>5432</Port>
  <DBClusterArn>arn:aws:rds:eu-central-1:123456789012:cluster:ahbodedb</DBClusterArn>`;

let aws: StubAws;
beforeEach(async () => { aws = await startStubAws(); });
afterEach(async () => aws.stop());

test('finds a cluster by its name, and describes it', async () => {
  aws.replies.DescribeDBClusters = [described(`${NAMED}<Status>available</Status><DatabaseName>app</DatabaseName>
    <Endpoint>writer.example</Endpoint><ReaderEndpoint>reader.example</ReaderEndpoint>`)];
  expect(await getRdsCluster({ by: { name: 'ahbodedb' } }, context)).toEqual({
    name: 'ahbodedb',
    host: { writer: 'writer.example', reader: 'reader.example' },
    port: 5432,
    engine: 'aurora-postgresql',
    database: 'app',
    account: '123456789012',
    region: 'eu-central-1',
    status: 'available',
  });
  expect(aws.calls[0]).toMatchObject({ operation: 'DescribeDBClusters', input: { DBClusterIdentifier: 'ahbodedb' } });
});

test('finds nothing when there is no such cluster', async () => {
  aws.replies.DescribeDBClusters = [queryError('DBClusterNotFoundFault', 'said AWS', 404)];
  expect(await getRdsCluster({ by: { name: 'nodb' } }, context)).toBeNull();
});

test('fails when the cluster has no endpoint yet', async () => {
  aws.replies.DescribeDBClusters = [described(`${NAMED}<Status>creating</Status>`)];
  await expect(getRdsCluster({ by: { name: 'ahbodedb' } }, context)).rejects.toMatchObject({
    code: 'NOT_FOUND', message: 'cluster ahbodedb has no endpoint: its status is "creating"',
  });
});

test('fails when it is not allowed, and says which call', async () => {
  aws.replies.DescribeDBClusters = [queryError('AccessDenied', 'No', 403)];
  await expect(getRdsCluster({ by: { name: 'ahbodedb' } }, context)).rejects.toMatchObject({
    code: 'CREDENTIALS', message: 'rds:DescribeDBClusters is not allowed for profile "default" (AccessDenied: No)',
  });
});
