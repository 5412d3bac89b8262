import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, testWith } from '../support/optional-tools';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';

const testWithCli = testWith('aws');

interface CliResult { readonly exit: number; readonly stdout: string; readonly stderr: string }

let stack: OrdersStack;
let home: string;
beforeAll(async () => {
  stack = await startOrdersStack();
  home = await mkdtemp(join(tmpdir(), 'aws-cli-'));
});
afterAll(async () => {
  await stack.close();
  await rm(home, { recursive: true });
});

/** The official client, with nothing of the person who runs the tests. */
function cli(...args: string[]): Promise<CliResult> {
  const { PATH, PYENV_ROOT } = process.env;
  const env = { PATH, PYENV_ROOT, ...stack.aws.environment, HOME: home, AWS_PAGER: '', AWS_MAX_ATTEMPTS: '1' };
  return new Promise((resolve) => {
    execFile('aws', [...args, '--output', 'json'], { env }, (error, stdout, stderr) => {
      resolve({ exit: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

async function answer(...args: string[]): Promise<unknown> {
  const { exit, stdout, stderr } = await cli(...args);
  if (exit !== 0) throw new Error(`aws ${args.join(' ')} ended with ${exit}: ${stderr}`);
  return JSON.parse(stdout);
}

testWithCli('the AWS CLI finds the bastion by its tag', async () => {
  const bastion = stack.aws.instances.get();
  expect(await answer('ec2', 'describe-instances', '--filters', 'Name=tag:exid,Values=orders-bastion', 'Name=instance-state-name,Values=running')).toEqual({
    Reservations: [expect.objectContaining({ Instances: [expect.objectContaining({ InstanceId: bastion.id, State: { Code: 16, Name: 'running' } })] })],
  });
});

testWithCli('the AWS CLI stops an instance, starts it, and is told when it cannot', async () => {
  const { instances } = stack.aws;
  const spare = instances.add();
  expect(await answer('ec2', 'stop-instances', '--instance-ids', spare.id)).toEqual({
    StoppingInstances: [{ InstanceId: spare.id, CurrentState: { Code: 64, Name: 'stopping' }, PreviousState: { Code: 16, Name: 'running' } }],
  });
  await spare.whenState('stopped');
  expect(await answer('ec2', 'start-instances', '--instance-ids', spare.id)).toMatchObject({ StartingInstances: [{ CurrentState: { Name: 'pending' } }] });
  spare.force('terminated');
  expect((await cli('ec2', 'start-instances', '--instance-ids', spare.id)).stderr).toContain('(IncorrectInstanceState) when calling the StartInstances operation');
});

testWithCli('the AWS CLI describes the cluster, and is told when there is none', async () => {
  // The CLI's own name for this service in this region comes before the one in the environment.
  const describe = ['rds', 'describe-db-clusters', '--endpoint-url', stack.aws.endpoint, '--db-cluster-identifier'];
  const { endpoint } = stack.aws.clusters.get('orders');
  expect(await answer(...describe, 'orders')).toMatchObject({
    DBClusters: [{ DBClusterIdentifier: 'orders', Endpoint: endpoint, Port: 5432, Status: 'available', DBClusterMembers: [{}, {}] }],
  });
  expect((await cli(...describe, 'nobody')).stderr)
    .toContain('(DBClusterNotFoundFault) when calling the DescribeDBClusters operation: DBCluster nobody not found.');
});

testWithCli('the AWS CLI reads parameters, one and all pages', async () => {
  for (let count = 1; count <= 12; count++) stack.aws.parameters.put(`/many/${count}`, 'x');
  expect(await answer('ssm', 'get-parameter', '--name', '/tunnelable-rds/orders')).toMatchObject({ Parameter: { Type: 'String', Version: 1 } });
  const { Parameters } = await answer('ssm', 'get-parameters-by-path', '--path', '/many') as { Parameters: unknown[] };
  expect(Parameters).toHaveLength(12);
  expect((await cli('ssm', 'get-parameter', '--name', '/nothing')).stderr).toContain('(ParameterNotFound) when calling the GetParameter operation');
});

testWithCli('the AWS CLI knows who it is, and when its credentials expired', async () => {
  expect(await answer('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012', Arn: expect.stringContaining('assumed-role/Developer/alice') });
  stack.aws.credentials.expire();
  const [sts, ssm, ec2] = await Promise.all([
    cli('sts', 'get-caller-identity'), cli('ssm', 'describe-instance-information'), cli('ec2', 'describe-instances'),
  ]);
  stack.aws.credentials.renew();
  expect([sts.stderr, ssm.stderr, ec2.stderr]).toEqual([
    expect.stringContaining('(ExpiredToken)'), expect.stringContaining('(ExpiredTokenException)'), expect.stringContaining('(RequestExpired)'),
  ]);
});

testWithCli('the AWS CLI sees agents and sessions', async () => {
  expect(await answer('ssm', 'describe-instance-information', '--filters', `Key=InstanceIds,Values=${stack.aws.instances.get('orders-bastion').id}`)).toMatchObject({
    InstanceInformationList: [{ PingStatus: 'Online', PlatformName: 'Amazon Linux' }],
  });
  expect(await answer('ssm', 'describe-sessions', '--state', 'Active')).toEqual({ Sessions: [] });
});

const START = ['ssm', 'start-session', '--document-name', 'AWS-StartPortForwardingSessionToRemoteHost', '--parameters', 'host=orders.example,portNumber=5432'];

testWithCli('the AWS CLI is told when a target is not connected', async () => {
  expect((await cli(...START, '--target', 'i-0123456789abcdef0')).stderr)
    .toContain('(TargetNotConnected) when calling the StartSession operation: i-0123456789abcdef0 is not connected.');
});

if (!isInstalled('session-manager-plugin')) {
  testWithCli('the AWS CLI ends a session that it has no plugin for', async () => {
    const { stderr } = await cli(...START, '--target', stack.aws.instances.get('orders-bastion').id);
    expect(stderr).toContain('SessionManagerPlugin is not found');
    expect(stack.aws.calls.succeeded('TerminateSession')).toHaveLength(1);
    expect(stack.aws.sessions.open()).toEqual([]);
  });
}
