import { GetParameterCommand, GetParametersByPathCommand, type GetParametersByPathCommandInput } from '@aws-sdk/client-ssm';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';

let stack: OrdersStack;
beforeEach(async () => {
  stack = await startOrdersStack();
});
afterEach(() => stack.close());

const get = (Name: string) => stack.ssm.send(new GetParameterCommand({ Name }));
const list = (input: GetParametersByPathCommandInput) => stack.ssm.send(new GetParametersByPathCommand(input));

test('gives a parameter of the template', async () => {
  const { Parameter } = await get('/tunnelable-rds/orders');
  expect(Parameter).toEqual({
    Name: '/tunnelable-rds/orders',
    Type: 'String',
    Value: expect.stringContaining(stack.aws.instances.get().id),
    Version: 1,
    LastModifiedDate: expect.any(Date),
    ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/tunnelable-rds/orders',
    DataType: 'text',
  });
  expect(Math.abs(Parameter!.LastModifiedDate!.getTime() - Date.now())).toBeLessThan(60_000);
});

test('gives a parameter by its ARN', async () => {
  const { Parameter } = await get('arn:aws:ssm:us-east-1:123456789012:parameter/tunnelable-rds/orders');
  expect(Parameter!.Name).toBe('/tunnelable-rds/orders');
});

test('gives the newest version', async () => {
  stack.aws.parameters.put('/tunnelable-rds/orders', 'changed');
  expect((await get('/tunnelable-rds/orders')).Parameter).toMatchObject({ Value: 'changed', Version: 2 });
});

test('fails when the parameter does not exist, or does no longer', async () => {
  await expect(get('/tunnelable-rds/nobody')).rejects.toMatchObject({ name: 'ParameterNotFound', $metadata: { httpStatusCode: 400 } });
  stack.aws.parameters.delete('/tunnelable-rds/orders');
  await expect(get('/tunnelable-rds/orders')).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('lists what is right in a folder, and what is below it only when asked', async () => {
  stack.aws.parameters.put('/tunnelable-rds/team/deep', 'x');
  stack.aws.parameters.put('/tunnelable-rds-of-others/thing', 'x');
  const names = async (input: GetParametersByPathCommandInput) => (await list(input)).Parameters!.map((parameter) => parameter.Name);
  expect(await names({ Path: '/tunnelable-rds' })).toEqual(['/tunnelable-rds/orders']);
  expect(await names({ Path: '/tunnelable-rds/', Recursive: true })).toEqual(['/tunnelable-rds/orders', '/tunnelable-rds/team/deep']);
  expect(await names({ Path: '/nothing' })).toEqual([]);
});

test('pages by ten, each parameter once', async () => {
  for (let count = 1; count <= 22; count++) stack.aws.parameters.put(`/many/${count}`, 'x');
  const names: string[] = [];
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await list({ Path: '/many', NextToken });
    sizes.push(answer.Parameters!.length);
    names.push(...answer.Parameters!.map((parameter) => parameter.Name!));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  expect(sizes).toEqual([10, 10, 2]);
  expect(new Set(names).size).toBe(22);
});

test.each<[string, GetParametersByPathCommandInput, string]>([
  ['the path does not start with a slash', { Path: 'tunnelable-rds' }, 'ValidationException'],
  ['a page is too large', { Path: '/', MaxResults: 11 }, 'ValidationException'],
  ['a token is not ours', { Path: '/tunnelable-rds', NextToken: 'nonsense' }, 'InvalidNextToken'],
])('fails when %s', async (_, input, name) => {
  await expect(list(input)).rejects.toMatchObject({ name });
});
