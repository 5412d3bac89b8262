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

const TERMS = {
  Mappings: { Sizes: { 'us-east-1': { small: 'here' }, 'eu-west-1': { small: 'there' } } },
  Conditions: {
    IsHere: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    IsElsewhere: { 'Fn::Not': [{ Condition: 'IsHere' }] },
    IsAnywhere: { 'Fn::Or': [{ Condition: 'IsHere' }, { Condition: 'IsElsewhere' }] },
    IsBoth: { 'Fn::And': [{ Condition: 'IsHere' }, { Condition: 'IsElsewhere' }] },
  },
};

test.each([
  ['a condition that holds', { 'Fn::If': ['IsHere', 'yes', { Ref: 'Nobody' }] }, 'yes'],
  ['one that does not', { 'Fn::If': ['IsElsewhere', { Ref: 'Nobody' }, 'no'] }, 'no'],
  ['one of several', { 'Fn::If': ['IsAnywhere', 'yes', 'no'] }, 'yes'],
  ['all of several', { 'Fn::If': ['IsBoth', 'yes', 'no'] }, 'no'],
  ['nothing at all', { 'Fn::Join': [',', ['one', { 'Fn::If': ['IsBoth', 'two', { Ref: 'AWS::NoValue' }] }]] }, 'one'],
  ['a mapping', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 'here'],
])('a value may hang on %s', async (_, value, expected) => {
  await aws.load({ ...probing(value), ...TERMS }, { stackName: 'terms' });
  expect(aws.parameters.find(aws.home, 'probe')!.value).toBe(expected);
});

test.each([['IsHere', 'yes'], ['IsElsewhere', undefined]])('a resource may hang on a condition: %s', async (Condition, value) => {
  const { Probe } = (probing('yes') as { Resources: { Probe: object } }).Resources;
  await aws.load({ ...TERMS, Resources: { Probe: { ...Probe, Condition } } }, { stackName: 'terms' });
  expect(aws.parameters.find(aws.home, 'probe')?.value).toBe(value);
});

test('the condition of a policy is none of the template', async () => {
  const policy = { Statement: { Condition: { StringEquals: { a: 'b' } } } };
  const loaded = await aws.load({ Resources: { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: policy } } }, { stackName: 'terms' });
  expect(loaded.property('Policy', 'Statement')).toEqual(policy.Statement);
});

/** A stack with the document that the construct writes. */
const documented = (host: string, document: object = {}): object => ({
  Resources: {
    Document: {
      Type: 'AWS::SSM::Document',
      Properties: {
        Name: 'tunnel-orders-writer',
        DocumentType: 'Session',
        UpdateMethod: 'NewVersion',
        Content: { schemaVersion: '1.0', sessionType: 'Port', properties: { type: 'LocalPortForwarding', host, portNumber: '5432' } },
        ...document,
      },
    },
  },
});
const contentOf = (name: string) => aws.documents.find(aws.home, name)!.properties!.host;

test('a changed document is a new version, which is the default from then on', async () => {
  await aws.load(documented('one.example'), { stackName: 'documents' });
  await aws.load(documented('one.example'), { stackName: 'documents' });
  expect(aws.documents.versionsOf('tunnel-orders-writer')).toBe(1);
  await aws.load(documented('two.example'), { stackName: 'documents' });
  expect(aws.documents.versionsOf('tunnel-orders-writer')).toBe(2);
  expect(contentOf('tunnel-orders-writer')).toBe('two.example');
});

test('a changed document that has no versions and no name of its own is another one', async () => {
  const unnamed = (host: string) => documented(host, { Name: undefined, UpdateMethod: undefined });
  const before = (await aws.load(unnamed('one.example'), { stackName: 'documents' })).physicalId('Document');
  const after = (await aws.load(unnamed('two.example'), { stackName: 'documents' })).physicalId('Document');
  expect(after).not.toBe(before);
  expect(contentOf(after)).toBe('two.example');
  expect(aws.documents.find(aws.home, before)).toBeUndefined();
});

test('fails when something that has a name of its own would have to be replaced', async () => {
  const unversioned = (host: string) => documented(host, { UpdateMethod: undefined });
  await aws.load(unversioned('one.example'), { stackName: 'documents' });
  await expect(aws.load(unversioned('two.example'), { stackName: 'documents' }))
    .rejects.toThrow('CloudFormation cannot update a stack when a custom-named resource requires replacing: Document in documents');
});

test.each([
  ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 4, 8] }, 'the function Fn::Cidr is not known here'],
  ['an unknown attribute', { 'Fn::GetAtt': ['Probe', 'Colour'] }, 'the attribute Colour of AWS::SSM::Parameter is not known here'],
  ['an unknown resource', { Ref: 'Nobody' }, 'the stack broken has no resource or parameter "Nobody"'],
  ['an unknown pseudo parameter', { Ref: 'AWS::Weather' }, 'the pseudo parameter AWS::Weather is not known here'],
  ['an unknown condition', { 'Fn::If': ['Perhaps', 1, 2] }, 'the condition Perhaps is not known in broken'],
  ['an unknown mapping', { 'Fn::FindInMap': ['Sizes', 'us-east-1', 'small'] }, 'the mapping Sizes of broken has nothing at us-east-1, small'],
])('fails when a template has %s, and says where', async (_, value, message) => {
  await expect(aws.load(probing(value), { stackName: 'broken' })).rejects.toThrow(message);
  await expect(aws.load(probing(value), { stackName: 'broken' })).rejects.toThrow('<- broken/Probe.Value');
});

test('fails when a template imports what no stack exports', async () => {
  await expect(aws.load(probing({ 'Fn::ImportValue': 'nothing' }), { stackName: 'other' })).rejects.toThrow('no stack exports "nothing"');
});
