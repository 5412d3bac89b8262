import { Annotations, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { someVpc, testApp, testStack } from '../support';
import { addBastion, createVpc, ISOLATED, PUBLIC, warningsOf } from './support';

const NO_WAY_OUT = 'tunnelable-rds-cluster:noWayOut';
const SERVICES = { ssm: ec2.InterfaceVpcEndpointAwsService.SSM, ssmmessages: ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES };

const warning = (missing: string): string => `the bastion is in isolated subnets, and this app has no VPC endpoints there for ${missing}, so that no session can reach it; `
  + `pass vpcEndpoints: true or other vpcSubnets, or acknowledge this where the endpoints are made elsewhere [ack: ${NO_WAY_OUT}]`;

function addEndpoints(vpc: ec2.IVpc, ...services: (keyof typeof SERVICES)[]): void {
  for (const service of services) vpc.addInterfaceEndpoint(service, { service: SERVICES[service], open: false });
}

test.each<[string, boolean, (stack: Stack) => ec2.IVpc]>([
  ['a created VPC', false, (stack) => createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED)],
  ['an imported VPC', false, someVpc],
  ['a created VPC, for a group', true, (stack) => createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED)],
])('isolated subnets without endpoints are warned of, in %s', (_, highAvailability, vpc) => {
  const stack = testStack();
  addBastion(stack, { vpc: vpc(stack), vpcSubnets: ISOLATED, highAvailability });
  expect(warningsOf(stack)).toEqual([warning('ssm and ssmmessages')]);
});

test('an isolated subnet that was imported by its id is warned of', () => {
  const stack = testStack();
  addBastion(stack, { vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-3')] } });
  expect(warningsOf(stack)).toEqual([warning('ssm and ssmmessages')]);
});

test('a group that may move to an isolated subnet is warned of', () => {
  const stack = testStack();
  const vpc = someVpc(stack);
  addBastion(stack, { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[0]!, vpc.isolatedSubnets[1]!] }, highAvailability: true });
  expect(warningsOf(stack)).toEqual([warning('ssm and ssmmessages')]);
});

test('an endpoint that is missing beside another is named', () => {
  const stack = testStack();
  const vpc = createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED);
  addEndpoints(vpc, 'ssm');
  addBastion(stack, { vpc, vpcSubnets: ISOLATED });
  expect(warningsOf(stack)).toEqual([warning('ssmmessages')]);
});

test('the endpoints of another VPC are of no use', () => {
  const stack = testStack();
  addEndpoints(createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED), 'ssm', 'ssmmessages');
  addBastion(stack, { vpcSubnets: ISOLATED });
  expect(warningsOf(stack)).toEqual([warning('ssm and ssmmessages')]);
});

test('endpoints that are made after the bastion, and in another stack, are found', () => {
  const app = testApp();
  const [home, away] = ['Home', 'Away'].map((id) => testStack(app, id)) as [Stack, Stack];
  const vpc = createVpc(home, ec2.SubnetType.PRIVATE_ISOLATED);
  addBastion(home, { vpc, vpcSubnets: ISOLATED });
  for (const [id, service] of Object.entries(SERVICES)) new ec2.InterfaceVpcEndpoint(away, id, { vpc, service });
  expect(warningsOf(home)).toEqual([]);
});

test('endpoints that are no constructs of the second level are found', () => {
  const stack = testStack();
  addBastion(stack, { vpcSubnets: ISOLATED });
  for (const name of ['ssm', 'ssmmessages']) {
    new ec2.CfnVPCEndpoint(stack, name, { vpcId: 'vpc-1', serviceName: `com.amazonaws.${stack.region}.${name}`, vpcEndpointType: 'Interface' });
  }
  expect(warningsOf(stack)).toEqual([]);
});

test('one bastion of a VPC makes them for another, which is not warned of', () => {
  const stack = testStack();
  const vpc = createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED);
  addBastion(stack, { vpc, vpcSubnets: ISOLATED, exid: 'two' }, 'Two');
  addBastion(stack, { vpc, vpcSubnets: ISOLATED, vpcEndpoints: true });
  expect(warningsOf(stack)).toEqual([]);
});

test.each<[string, ec2.SubnetSelection | undefined]>([
  ['private subnets', undefined],
  ['public subnets', PUBLIC],
])('%s are not warned of', (_, vpcSubnets) => {
  const stack = testStack();
  const { PUBLIC: open, PRIVATE_WITH_EGRESS: egress, PRIVATE_ISOLATED: isolated } = ec2.SubnetType;
  addBastion(stack, { vpc: createVpc(stack, open, egress, isolated), vpcSubnets });
  expect(warningsOf(stack)).toEqual([]);
});

test('the warning can be acknowledged at the bastion, before it is there', () => {
  const app = testApp();
  const [one, two] = ['One', 'Two'].map((id) => testStack(app, id)) as [Stack, Stack];
  Annotations.of(addBastion(one, { vpcSubnets: ISOLATED })).acknowledgeWarning(NO_WAY_OUT, 'made by the network team');
  addBastion(two, { vpcSubnets: ISOLATED, exid: 'another' });
  expect([one, two].map((stack) => warningsOf(stack).length)).toEqual([0, 1]);
});
