import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { callAws } from '../../src/aws/call';
import { explainAwsError, getDescriptor, getSigningCredentials } from '../../src/aws/hot-path';
import { Problem } from '../../src/problem';
import { context, json, jsonError, setEnvironment, startStubAws, type StubAws } from './stub-aws';

const ask = (profile?: string) => getDescriptor({ name: 'ahbodedb', prefix: '/p' }, { ...context, aws: { profile } });

let aws: StubAws;
beforeEach(async () => { aws = await startStubAws(); });
afterEach(async () => aws.stop());

// First, since the SDK warns once.
test('keeps what the SDK warns of from the terminal', async () => {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const debug = jest.fn();
  await expect(getSigningCredentials({ aws: { profile: 'both' }, log: { ...context.log, debug } })).rejects.toMatchObject({ code: 'CREDENTIALS' });
  expect(warned).not.toHaveBeenCalled();
  expect(debug).toHaveBeenCalledWith(expect.stringContaining('Multiple credential sources detected'));
});

test.each([
  ['ExpiredTokenException', /have expired/, /aws sso login --profile default/],
  ['UnrecognizedClientException', /does not accept the credentials/, /aws sts get-caller-identity --profile default/],
  ['InvalidClientTokenId', /does not accept the credentials/, /aws sts get-caller-identity --profile default/],
  ['AccessDeniedException', /is not allowed for profile "default" \(AccessDeniedException: said AWS\)/, /granted ssm:GetParameter/],
])('fails when AWS says %s: which call, and what to type', async (name, message, next) => {
  aws.replies.GetParameter = [jsonError(name)];
  await expect(ask()).rejects.toMatchObject({
    code: 'CREDENTIALS',
    exit: 8,
    message: expect.stringMatching(/^ssm:GetParameter /),
    next: expect.stringMatching(next),
    cause: { $metadata: { requestId: 'stub-request' } },
  });
  await expect(ask()).rejects.toThrow(message);
});

test.each([
  ['a name of its own', jsonError('InternalServerError')],
  ['a name that nobody knows, and status 503', { ...jsonError('SomethingNew'), status: 503 }],
])('is trouble that passes when AWS fails with %s', async (_how, answer) => {
  aws.replies.GetParameter = [answer];
  await expect(ask()).rejects.toMatchObject({ name: 'PassingTrouble', message: expect.stringMatching(/^ssm:GetParameter failed: AWS has trouble of its own/) });
});

test('fails when there are no credentials', async () => {
  const restore = setEnvironment({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
  await expect(ask()).rejects.toMatchObject({ code: 'CREDENTIALS', message: expect.stringMatching(/^ssm:GetParameter could not be signed: there are no AWS credentials for profile "default"/) });
  await expect(getSigningCredentials(context)).rejects.toMatchObject({ code: 'CREDENTIALS', message: expect.stringMatching(/^ssmmessages:OpenDataChannel/) });
  expect(aws.calls).toEqual([]);
  restore();
});

test('fails when the SSO session of the profile is over, and says how to log in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  const config = join(folder, 'config');
  await writeFile(config, [
    '[profile dev]', 'sso_start_url = https://example.awsapps.com/start', 'sso_region = eu-central-1', 'sso_account_id = 123456789012', 'sso_role_name = dev',
  ].join('\n'));
  const restore = setEnvironment({ AWS_CONFIG_FILE: config, HOME: folder });
  await expect(ask('dev')).rejects.toMatchObject({
    code: 'CREDENTIALS', message: 'ssm:GetParameter could not be signed: the SSO session of profile "dev" is over', next: 'aws sso login --profile dev',
  });
  restore();
  await rm(folder, { recursive: true });
});

test('after credentials were refused, the next call reads them anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  const file = join(folder, 'credentials');
  const restore = setEnvironment({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
  const keyNow = async () => (await getSigningCredentials(context)).accessKeyId;
  const write = async (key: string) => writeFile(file, `[default]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`);
  await write('OLD');
  expect(await keyNow()).toBe('OLD');
  await write('NEW');
  expect(await keyNow()).toBe('OLD');
  aws.replies.GetParameter = [jsonError('ExpiredTokenException')];
  await expect(ask()).rejects.toMatchObject({ code: 'CREDENTIALS' });
  expect(await keyNow()).toBe('NEW');
  restore();
  await rm(folder, { recursive: true });
});

test('asks a throttling AWS again, and not for ever', async () => {
  aws.replies.GetParameter = [jsonError('ThrottlingException'), json({ Parameter: { Name: 'x', Value: 'no descriptor' } })];
  await expect(ask()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(aws.calls).toHaveLength(2);
  aws.replies.GetParameter = [jsonError('ThrottlingException')];
  await expect(ask()).rejects.toMatchObject({ name: 'PassingTrouble', code: 'SESSION_FAILED', message: expect.stringMatching(/too many requests/), next: 'wait a minute and type the same again' });
  expect(aws.calls).toHaveLength(5);
});

test.each([
  ['a name that no table knows', { name: 'Odd' }, 'BASTION_DOWN', 'ec2:StartInstances failed (Odd: said AWS)'],
  ['EC2\'s word for not allowed', { name: 'UnauthorizedOperation' }, 'CREDENTIALS', 'ec2:StartInstances is not allowed for profile "dev" (UnauthorizedOperation: said AWS)'],
  ['EC2\'s word for expired', { name: 'RequestExpired' }, 'CREDENTIALS', 'ec2:StartInstances was refused: the AWS credentials of profile "dev" have expired'],
  ['nobody there', { code: 'ECONNREFUSED' }, 'BASTION_DOWN', 'ec2:StartInstances got no answer: AWS cannot be reached (Error: said AWS)'],
  ['nobody who answers', { name: 'TimeoutError' }, 'BASTION_DOWN', 'ec2:StartInstances got no answer: AWS cannot be reached (TimeoutError: said AWS)'],
  ['a certificate of a stranger', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'BASTION_DOWN',
    'ec2:StartInstances was not sent: the certificate of the other side is not trusted (Error: said AWS)'],
])('explains %s', (_, properties, code, message) => {
  const error = Object.assign(new Error('said AWS'), properties);
  const explained = explainAwsError(error, { call: 'ec2:StartInstances', otherwise: 'BASTION_DOWN' }, { ...context, aws: { profile: 'dev' } });
  expect(explained).toMatchObject({ code, message, cause: error });
  expect(explained.next).toMatch(/./);
});

test.each(['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature', 'SomeSignatureErrorOfTomorrow'])(
  'fails when AWS says %s, without a word of the request that AWS quotes', async (name) => {
    aws.replies.GetParameter = [jsonError(name, 'The Canonical String for this request should have been \'POST\n/\nx-amz-security-token:CANARY-TOKEN\'')];
    const problem = await ask().catch((error: unknown) => error as Problem);
    expect(problem).toMatchObject({ message: expect.stringContaining(name), cause: { name, $metadata: { requestId: 'stub-request' } } });
    expect(inspect(problem, { depth: Infinity, showHidden: true })).not.toContain('CANARY');
  },
);

test('an error that quotes the request is kept from view whatever its name', () => {
  const error = new Error('header x-amz-security-token: CANARY-TOKEN is odd', { cause: new Error('CANARY') });
  expect(inspect(explainAwsError(error, { call: 'ssm:StartSession' }, context), { depth: Infinity })).not.toContain('CANARY');
});

test.each([
  ['too many requests', { name: 'RequestLimitExceeded' }, 'PassingTrouble'],
  ['a network that is down', { code: 'ENETUNREACH' }, 'PassingTrouble'],
  ['nobody who answers', { name: 'TimeoutError' }, 'PassingTrouble'],
  ['what will not pass by itself', { name: 'AccessDenied' }, 'Problem'],
])('%s: told apart by its name, which other bundles can read', (_, properties, name) => {
  expect(explainAwsError(Object.assign(new Error('said AWS'), properties), { call: 'ec2:DescribeInstances' }, context).name).toBe(name);
});

test('AWS that cannot be reached is no session, unless the call says what else it is', () => {
  const unreachable = Object.assign(new Error('said AWS'), { code: 'ENOTFOUND' });
  expect(explainAwsError(unreachable, { call: 'ec2:DescribeInstances' }, context).code).toBe('SESSION_FAILED');
  expect(explainAwsError(unreachable, { call: 'ec2:StartInstances', otherwise: 'BASTION_DOWN' }, context).code).toBe('BASTION_DOWN');
});

test('a call that is given up fails at once, with the reason of the signal', async () => {
  const [abort, reason] = [new AbortController(), new Error('given up')];
  aws.replies.GetParameter = [];
  const asked = getDescriptor({ name: 'ahbodedb', prefix: '/p' }, { ...context, signal: abort.signal });
  const refused = expect(asked).rejects.toBe(reason);
  await aws.received();
  abort.abort(reason);
  await refused;
  expect(aws.calls).toHaveLength(1);
});

test('what the SDK itself does not give up, such as the wait for credentials, is given up as well', async () => {
  const abort = new AbortController();
  const asked = callAws({ call: 'ssmmessages:OpenDataChannel' }, { ...context, signal: abort.signal }, async () => new Promise<never>(() => undefined));
  abort.abort(new Error('given up'));
  await expect(asked).rejects.toThrow('given up');
});

test('a call for which the signal came before makes no request', async () => {
  const reason = new Error('given up');
  await expect(getDescriptor({ name: 'ahbodedb', prefix: '/p' }, { ...context, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(aws.calls).toEqual([]);
});

test('leaves a problem as it is', () => {
  const problem = new Problem('USAGE', 'no region');
  expect(explainAwsError(problem, { call: 'ssm:GetParameter' }, context)).toBe(problem);
});
