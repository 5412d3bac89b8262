import { getDescriptor, listDescriptors } from '../../src/aws/hot-path';
import type { Descriptor } from '../../src/descriptor';
import { context, json, jsonError, startStubAws, type StubAws } from './stub-aws';

const AHBODEDB: Descriptor = {
  version: 1,
  name: 'ahbodedb',
  mechanism: 'aws.ssm',
  account: '123456789012',
  region: 'eu-central-1',
  bastion: { exid: 'vpc-main-bastion', instanceId: 'i-0abc' },
  target: { kind: 'rds-cluster', name: 'ahbodedb', engine: 'aurora-postgresql', port: 5432, host: { writer: 'writer.example' } },
  document: { writer: { name: 'Doc', fixed: true } },
};
const parameter = (name: string, value: string) => ({ Name: name, Type: 'String', Value: value });

let aws: StubAws;
beforeEach(async () => { aws = await startStubAws(); });
afterEach(async () => aws.stop());

test('reads a descriptor by one call', async () => {
  aws.replies.GetParameter = [json({ Parameter: parameter('/tunnelable-rds/ahbodedb', JSON.stringify(AHBODEDB)) })];
  expect(await getDescriptor({ name: 'ahbodedb', prefix: '/tunnelable-rds' }, context)).toEqual(AHBODEDB);
  expect(aws.calls).toEqual([{ operation: 'GetParameter', input: { Name: '/tunnelable-rds/ahbodedb' } }]);
});

test('fails when there is no such parameter, and names it, the region and the profile', async () => {
  aws.replies.GetParameter = [jsonError('ParameterNotFound')];
  await expect(getDescriptor({ name: 'nodb', prefix: '/other' }, context)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'there is no target nodb: no parameter /other/nodb in eu-central-1 (profile "default")',
    next: 'see which there are: connect targets --region eu-central-1 --prefix /other',
  });
});

test.each([
  ['is not JSON', '<xml>', 'it is not JSON', 'deploy the stack of this target again: cdk deploy'],
  ['is of a newer version', JSON.stringify({ ...AHBODEDB, version: 2 }), 'it is of version 2, this release reads version 1',
    'upgrade to a release that reads version 2: npm install tunnelable-rds-cluster@latest'],
  ['lacks a host', JSON.stringify({ ...AHBODEDB, target: { ...AHBODEDB.target, host: {} } }), 'its "target.host.writer" is undefined, expected a text',
    'deploy the stack of this target again: cdk deploy'],
])('fails when the parameter %s', async (_, value, why, next) => {
  aws.replies.GetParameter = [json({ Parameter: parameter('/tunnelable-rds/ahbodedb', value) })];
  await expect(getDescriptor({ name: 'ahbodedb', prefix: '/tunnelable-rds' }, context)).rejects.toMatchObject({
    code: 'NOT_FOUND', exit: 3, message: `the descriptor of ahbodedb (/tunnelable-rds/ahbodedb in eu-central-1) is not understood: ${why}`, next,
  });
});

test.each([
  ['another target', { name: 'other' }, 'it describes "other" in "eu-central-1"'],
  ['a target of another region', { region: 'us-east-1' }, 'it describes "ahbodedb" in "us-east-1"'],
])('fails when the parameter is the descriptor of %s', async (_, different, found) => {
  aws.replies.GetParameter = [json({ Parameter: parameter('/p/ahbodedb', JSON.stringify({ ...AHBODEDB, ...different })) })];
  await expect(getDescriptor({ name: 'ahbodedb', prefix: '/p' }, context)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    exit: 3,
    message: `the descriptor /p/ahbodedb in eu-central-1 is not the one of ahbodedb in eu-central-1: ${found}`,
    next: 'deploy the stack of this target again: cdk deploy',
  });
});

test('lists what is under a prefix page by page, and says what is no descriptor', async () => {
  const other = { ...AHBODEDB, name: 'other' };
  aws.replies.GetParametersByPath = [
    json({ Parameters: [parameter('/p/ahbodedb', JSON.stringify(AHBODEDB)), parameter('/p/notes', 'hello')], NextToken: 'more' }),
    json({ Parameters: [parameter('/p/other', JSON.stringify(other))] }),
  ];
  expect(await listDescriptors({ prefix: '/p' }, context)).toEqual({
    descriptors: [AHBODEDB, other], unreadable: [{ name: '/p/notes', why: 'it is not JSON' }],
  });
  expect(aws.calls.map(({ input }) => input)).toEqual([{ Path: '/p' }, { Path: '/p', NextToken: 'more' }]);
});
