import { readFileSync } from 'node:fs';
import { ORDERS_TEMPLATE, startOrdersStack, type OrdersStack } from '../support/orders-stack';
import { STACK_TAGS } from './state/instances';
import { LocalAws } from '.';

const template = JSON.parse(readFileSync(ORDERS_TEMPLATE, 'utf8'));
const probing = (value: unknown): object => ({ Resources: { Probe: { Type: 'AWS::SSM::Parameter', Properties: { Name: 'probe', Type: 'String', Value: value } } } });

let stack: OrdersStack;
let aws: LocalAws;
beforeEach(async () => {
  stack = await startOrdersStack();
  aws = stack.aws;
});
afterEach(() => stack.close());

function descriptor(region = aws.home.region): Record<string, string> {
  return JSON.parse(aws.parameters.find({ ...aws.home, region }, '/tunnelable-rds/orders')!.value);
}

test('an instance has its own tags and those that CloudFormation reserves', () => {
  const { tags, imageId, availabilityZone, subnetId } = aws.instances.get('orders-bastion').settings;
  expect(tags).toEqual({
    exid: 'orders-bastion',
    Name: 'Orders/Bastion',
    [STACK_TAGS.name]: 'orders',
    [STACK_TAGS.id]: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/orders\/[0-9a-f-]{36}$/),
    [STACK_TAGS.logicalId]: 'Bastion',
  });
  expect({ imageId, availabilityZone, subnetId }).toEqual({
    imageId: expect.stringMatching(/^ami-[0-9a-f]{17}$/), availabilityZone: 'us-east-1a', subnetId: expect.stringMatching(/^subnet-[0-9a-f]{17}$/),
  });
});

test('a parameter says what the other resources are really called', () => {
  const { endpoint, readerEndpoint } = aws.clusters.get('orders');
  expect(descriptor()).toEqual({
    instanceId: aws.instances.get().id,
    host: endpoint,
    document: expect.stringMatching(/^orders-WriterDocument-[A-Z0-9]{12}$/),
    at: `aws:123456789012:us-east-1:${readerEndpoint}`,
  });
});

test('a cluster without a port has that of its engine', () => {
  expect(aws.clusters.in(aws.home).map(({ engine, port }) => [engine, port])).toEqual([['aurora-postgresql', 5432], ['aurora-mysql', 3306]]);
});

test('a cluster without an identifier gets one in lower case', () => {
  expect(aws.clusters.in(aws.home)[1]!.identifier).toMatch(/^orders-archive-[a-z0-9]{12}$/);
});

test('hosts are in the region of the stack, and in the partition of the region', async () => {
  await aws.load(template, { region: 'cn-north-1', stackName: 'orders' });
  expect(descriptor('cn-north-1').host).toMatch(/^orders\.cluster-[0-9a-f]{12}\.cn-north-1\.rds\.amazonaws\.com\.cn$/);
  expect(descriptor('cn-north-1').at).toMatch(/^aws-cn:/);
});

test('two loadings of one template agree on every id', async () => {
  const other = await LocalAws.start({ template: ORDERS_TEMPLATE });
  expect(other.instances.get().id).toBe(aws.instances.get().id);
  await other.close();
});

test('another stack imports what this one exports', async () => {
  await aws.load(probing({ 'Fn::ImportValue': 'orders-host' }), { stackName: 'other' });
  expect(aws.parameters.find(aws.home, 'probe')!.value).toBe(aws.clusters.get('orders').endpoint);
});

test('an update that changes nothing leaves all as it is', async () => {
  const before = aws.instances.get();
  await aws.load(ORDERS_TEMPLATE);
  expect(aws.instances.get()).toBe(before);
  expect(aws.parameters.find(aws.home, '/tunnelable-rds/orders')!.version).toBe(1);
});

test('a new image replaces the instance: a new id, the old one terminated, the parameter rewritten', async () => {
  const before = aws.instances.get();
  await aws.load(ORDERS_TEMPLATE, { parameters: { BastionImage: 'ami-0123456789abcdef0' } });
  const after = aws.instances.get('orders-bastion');
  expect(after.id).not.toBe(before.id);
  expect(after.settings.tags).toEqual(before.settings.tags);
  expect(after.launchTime.getTime()).toBeGreaterThan(before.launchTime.getTime());
  expect(descriptor().instanceId).toBe(after.id);
  await before.whenState('terminated');
});

test('an update takes away what the template no longer has, and brings it back as something new', async () => {
  const before = aws.instances.get();
  const { Bastion: _bastion, Descriptor: _descriptor, ...rest } = template.Resources;
  await aws.load({ ...template, Resources: rest }, { stackName: 'orders' });
  expect(aws.instances.live()).toEqual([]);
  expect(aws.parameters.in(aws.home)).toEqual([]);
  await aws.load(ORDERS_TEMPLATE);
  expect(aws.instances.get().id).not.toBe(before.id);
});

test.each([
  ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 4, 8] }, 'the function Fn::Cidr is not known here'],
  ['an unknown attribute', { 'Fn::GetAtt': ['Probe', 'Colour'] }, 'the attribute Colour of AWS::SSM::Parameter is not known here'],
  ['an unknown resource', { Ref: 'Nobody' }, 'the stack broken has no resource or parameter "Nobody"'],
  ['an unknown pseudo parameter', { Ref: 'AWS::Weather' }, 'the pseudo parameter AWS::Weather is not known here'],
])('fails when a template has %s, and says where', async (_, value, message) => {
  await expect(aws.load(probing(value), { stackName: 'broken' })).rejects.toThrow(message);
  await expect(aws.load(probing(value), { stackName: 'broken' })).rejects.toThrow('<- broken/Probe.Value');
});

test('fails when a template imports what no stack exports', async () => {
  await expect(aws.load(probing({ 'Fn::ImportValue': 'nothing' }), { stackName: 'other' })).rejects.toThrow('no stack exports "nothing"');
});
