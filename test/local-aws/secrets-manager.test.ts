import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { forgetClients } from '../../src/aws/clients';
import { getSecretText } from '../../src/aws/secrets/get-secret';
import { testWith } from '../support/optional-tools';
import { type OrdersStack, startOrdersStack } from '../support/orders-stack';

const LOGIN = JSON.stringify({ username: 'app', password: 'correct horse' });

let stack: OrdersStack;
let before: NodeJS.ProcessEnv;
beforeEach(async () => {
  forgetClients();
  stack = await startOrdersStack();
  before = process.env;
  process.env = { ...before, ...stack.aws.environment };
});
afterEach(async () => {
  process.env = before;
  await stack.close();
});

const get = (SecretId: string) => stack.secretsManager.send(new GetSecretValueCommand({ SecretId }));
const ignore = (): void => undefined;
const context = () => ({ aws: { region: 'us-east-1' }, log: { debug: ignore, info: ignore, warn: ignore, error: ignore }, attempts: 1 });

test('gives a secret by its name and its ARN, and its newest value', async () => {
  const { arn } = stack.aws.storedSecrets.put('login', 'old');
  expect(stack.aws.storedSecrets.put('login', LOGIN).arn).toBe(arn);
  expect(await get('login')).toMatchObject({ ARN: arn, Name: 'login', SecretString: LOGIN, VersionStages: ['AWSCURRENT'], CreatedDate: expect.any(Date) });
  expect((await get(arn)).SecretString).toBe(LOGIN);
  expect(await getSecretText({ secretArn: arn }, context())).toBe(LOGIN);
});

test('gives bytes as bytes, which hold no login', async () => {
  const { arn } = stack.aws.storedSecrets.put('bytes', Buffer.from([0, 255]));
  expect(Buffer.from((await get(arn)).SecretBinary!)).toEqual(Buffer.from([0, 255]));
  await expect(getSecretText({ secretArn: arn }, context())).rejects.toMatchObject({ exit: 8, message: expect.stringContaining('bytes and no text') });
});

test.each<[string, (arn: string) => void, string, string]>([
  ['is not there', (arn) => stack.aws.storedSecrets.delete(arn), 'ResourceNotFoundException', 'does not exist'],
  ['is marked for deletion', (arn) => stack.aws.storedSecrets.markDeleted(arn), 'InvalidRequestException', 'marked for deletion'],
  ['is not for us', () => stack.aws.faults.deny('GetSecretValue'), 'AccessDeniedException', 'readSecret: true'],
  ['has a key that is not for us', () => stack.aws.faults.fail('GetSecretValue', { code: 'DecryptionFailure', message: 'no' }), 'DecryptionFailure', 'kms:Decrypt'],
])('fails when a secret %s, which is exit code 8 with what to do', async (_, spoil, name, advice) => {
  const { arn } = stack.aws.storedSecrets.put('login', LOGIN);
  spoil(arn);
  await expect(get(arn)).rejects.toMatchObject({ name });
  const problem = await getSecretText({ secretArn: arn }, context()).catch((error: unknown) => error) as Error & { exit: number; next: string };
  expect(problem.exit).toBe(8);
  expect(`${problem.message} ${problem.next}`).toContain(advice);
  expect(problem.message).not.toContain('correct horse');
});

test('what is no ARN of a secret is asked of nobody', async () => {
  await expect(getSecretText({ secretArn: 'arn:aws:s3:::bucket' }, context())).rejects.toMatchObject({ exit: 8 });
  expect(stack.aws.calls.of('GetSecretValue')).toEqual([]);
});

test('a secret of a template has the password that was generated, and what it is attached to', async () => {
  await stack.aws.load({
    Resources: {
      Login: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { SecretStringTemplate: '{"username":"postgres"}', GenerateStringKey: 'password' } } },
      Attached: { Type: 'AWS::SecretsManager::SecretTargetAttachment', Properties: { SecretId: { Ref: 'Login' }, TargetId: { Ref: 'Cluster' }, TargetType: 'AWS::RDS::DBCluster' } },
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql', DBClusterIdentifier: 'shop', DatabaseName: 'app' } },
    },
    Outputs: { Arn: { Value: { Ref: 'Attached' }, Export: { Name: 'secret-arn' } } },
  }, { stackName: 'Shop' });
  const { arn } = stack.aws.storedSecrets.in(stack.aws.home).find(({ name }) => name.includes('Login'))!;
  expect(JSON.parse((await get(arn)).SecretString!)).toEqual({
    username: 'postgres', password: expect.stringMatching(/.{20}/), dbClusterIdentifier: 'shop', engine: 'postgres', port: 5432, dbname: 'app', host: stack.aws.clusters.get('shop').endpoint,
  });
});

testWith('aws')('the AWS CLI reads it', async () => {
  stack.aws.storedSecrets.put('login', LOGIN);
  const { stdout } = await promisify(execFile)('aws', ['secretsmanager', 'get-secret-value', '--secret-id', 'login', '--query', 'SecretString', '--output', 'text'], { env: process.env });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(LOGIN));
});
