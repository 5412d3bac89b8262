import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { forgetClients } from '../../src/aws/clients';
import { getDescriptor } from '../../src/aws/hot-path';
import type { Problem } from '../../src/problem';
import { context, json, jsonError, queryError, setEnvironment, startStubAws, type StubAws } from './stub-aws';

const ROLE = 'arn:aws:iam::123456789012:role/dev';
const PAST = '2020-01-01T00:00:00Z';
const FUTURE = '2099-01-01T00:00:00Z';
/** Some SSO sessions, by what is known of them: all are of old profiles (legacy-…) and of those with an sso-session. */
const SESSIONS: Record<string, object | undefined> = {
  absent: undefined,
  expired: { accessToken: 'CANARY', expiresAt: PAST },
  refreshable: { accessToken: 'CANARY', expiresAt: PAST, clientId: 'c', clientSecret: 'CANARY', refreshToken: 'CANARY' },
  live: { accessToken: 'CANARY', expiresAt: FUTURE },
};
const ACCOUNT = 'sso_account_id = 123456789012\nsso_role_name = dev\n';
const place = (session: string) => `sso_start_url = https://${session}.example/start\nsso_region = eu-central-1\n`;
const CONFIG = [
  ...Object.keys(SESSIONS).map((name) => `[profile legacy-${name}]\n${place(name)}${ACCOUNT}[profile ${name}]\nsso_session = ${name}\n${ACCOUNT}[sso-session ${name}]\n${place(name)}`),
  `[profile lost]\nsso_session = nosuch\n${ACCOUNT}`,
  '[profile half]\nsso_start_url = https://half.example/start\n',
  `[profile mfa]\nrole_arn = ${ROLE}\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n`,
  `[profile role]\nrole_arn = ${ROLE}\nsource_profile = base\n`,
  `[profile orphan]\nrole_arn = ${ROLE}\nsource_profile = nowhere\n`,
  `[profile round]\nrole_arn = ${ROLE}\nsource_profile = trip\n[profile trip]\nrole_arn = ${ROLE}\nsource_profile = round\n`,
  '[profile program]\ncredential_process = sh -c "echo CANARY >&2; exit 3"\n',
  '[profile talker]\ncredential_process = echo CANARY\n',
  `[profile derived]\nrole_arn = ${ROLE}\nsource_profile = program\n`,
  `[profile web]\nrole_arn = ${ROLE}\nweb_identity_token_file = /nonexistent/token\n`,
  '[profile login]\nlogin_session = arn:aws:iam::123456789012:user/me\n',
].join('');

let aws: StubAws;
let folder: string;
let restore: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-'));
  const cache = join(folder, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true });
  await writeFile(join(folder, 'config'), CONFIG);
  await writeFile(join(folder, 'credentials'), '[base]\naws_access_key_id = AKIA\naws_secret_access_key = CANARY\n');
  for (const [name, token] of Object.entries(SESSIONS)) {
    if (token === undefined) continue;
    for (const key of [name, `https://${name}.example/start`]) {
      await writeFile(join(cache, `${createHash('sha1').update(key).digest('hex')}.json`), JSON.stringify(token));
    }
  }
});
afterAll(async () => rm(folder, { recursive: true }));

beforeEach(async () => {
  aws = await startStubAws();
  restore = setEnvironment({
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
    AWS_ROLE_ARN: undefined,
  });
  forgetClients();
});
afterEach(async () => {
  restore();
  await aws.stop();
});

const ask = async (profile?: string, log = context.log): Promise<Problem> => getDescriptor({ name: 'ahbodedb', prefix: '/p' }, { log, aws: { profile } })
  .then(() => { throw new Error('no descriptor was to be found'); }, (error: unknown) => error as Problem);
const SIGNED_OUT = 'ssm:GetParameter could not be signed: ';

test.each<[profile: string, message: string | RegExp, next: string | RegExp]>([
  ...['legacy-absent', 'legacy-expired', 'legacy-refreshable', 'absent', 'expired', 'refreshable', 'legacy-live', 'live'].map((name): [string, string, string] => (
    [name, `the SSO session of profile "${name}" is over`, `aws sso login --profile ${name}`])),
  ['lost', 'profile "lost" names the SSO session "nosuch", and there is no such', /^aws configure sso-session \(and name it nosuch\)/],
  ['half', /profile "half" lacks one of sso_account_id/, 'aws configure sso --profile half'],
  ['mfa', /the role of profile "mfa" wants a code of your MFA device/, /eval "\$\(aws configure export-credentials --profile mfa --format env\)"/],
  ['nosuch', /^there is no profile "nosuch" in \S+config or \S+credentials$/, /^take one of those that there are \(absent, base, .*…\), or: aws configure sso --profile nosuch$/],
  ['orphan', /^there is no profile "nowhere" in /, /^take one of those/],
  ['round', 'source_profile of profile "trip" leads back to where it came from', /^have one of them name its credentials/],
  ['program', /the program that profile "program" gets its credentials from \(credential_process\) failed/, /aws configure get credential_process --profile program$/],
  ['talker', /the program that profile "talker" gets/, /aws configure get credential_process --profile talker$/],
  ['derived', /the program that profile "program" gets/, /aws configure get credential_process --profile program$/],
  ['web', /the web identity token cannot be read \(Error: ENOENT: no such file or directory, open '\/nonexistent\/token'\)/, /AWS_WEB_IDENTITY_TOKEN_FILE/],
  ['login', 'the login of profile "login" is over', 'aws login --profile login'],
])('fails with profile %s: what is wrong with it, and what to type', async (profile, message, next) => {
  aws.replies.undefined = [jsonError('UnauthorizedException', 'Session token not found or invalid', 401)];
  const problem = await ask(profile);
  expect(problem.code).toBe('CREDENTIALS');
  expect(problem.message.slice(0, SIGNED_OUT.length)).toBe(SIGNED_OUT);
  const said = problem.message.slice(SIGNED_OUT.length);
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
  if (typeof next === 'string') expect(problem.next).toBe(next);
  else expect(problem.next).toMatch(next);
  expect(inspect(problem, { depth: Infinity, showHidden: true })).not.toContain('CANARY');
});

test('fails when SSO gives no such role', async () => {
  aws.replies.undefined = [jsonError('ForbiddenException', 'No access', 403)];
  expect(await ask('live')).toMatchObject({ code: 'CREDENTIALS', message: expect.stringContaining('SSO gives profile "live" no such role'), next: expect.stringContaining('sso_role_name') });
});

test('fails when SSO cannot be reached, which is no matter of credentials', async () => {
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
  expect(await ask('live')).toMatchObject({
    name: 'PassingTrouble', code: 'SESSION_FAILED', message: expect.stringContaining('AWS cannot be reached'), next: expect.stringContaining('export HTTPS_PROXY='),
  });
  process.env.AWS_ENDPOINT_URL = aws.url;
});

test('fails when the role may not be taken on: which, and who tried; AWS\'s request id is told to those who look for it', async () => {
  const debug = jest.fn();
  const denied = `User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;
  aws.replies.AssumeRole = [queryError('AccessDenied', denied, 403)];
  expect(await ask('role', { ...context.log, debug })).toMatchObject({
    code: 'CREDENTIALS',
    message: expect.stringContaining(`profile "role" may not take on ${ROLE}`),
    next: expect.stringMatching(/^see who you are with: aws sts get-caller-identity --profile base - .*sts:AssumeRole.*trust policy/),
    cause: { $metadata: { requestId: expect.stringMatching(/-request$/) } },
  });
  expect(debug).toHaveBeenCalledWith(expect.stringMatching(/^ssm:GetParameter failed: AccessDenied, AWS request id \S+-request$/));
});

test('fails when AWS does not take the web identity', async () => {
  const token = join(folder, 'token');
  await writeFile(token, 'CANARY');
  const back = setEnvironment({ AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE });
  aws.replies.AssumeRoleWithWebIdentity = [queryError('InvalidIdentityToken', 'No OpenIDConnect provider found in your account')];
  expect(await ask()).toMatchObject({ code: 'CREDENTIALS', message: expect.stringContaining('AWS does not accept the web identity token'), next: expect.stringContaining('OpenID Connect') });
  back();
});

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'CANARY' };

test.each([
  ['InvalidSignatureException', 'Signature expired: 20261122T100000Z is now earlier than 20261122T101500Z'],
  ['InvalidSignatureException', 'Signature not yet current: 20261122T103000Z is still later than 20261122T102000Z'],
  ['RequestTimeTooSkewed', 'The difference between the request time and the current time is too large'],
])('fails when the clock is wrong (%s: %s), and says how to set it', async (name, message) => {
  const back = setEnvironment(KEYS);
  aws.replies.GetParameter = [jsonError(name, message)];
  expect(await ask()).toMatchObject({ message: expect.stringMatching(/^ssm:GetParameter was refused: .*clock/), next: expect.stringMatching(/timedatectl|sntp|w32tm/) });
  back();
});

test('says how far off the clock is, also where AWS says something else', async () => {
  const back = setEnvironment(KEYS);
  aws.replies.GetParameter = [{ ...jsonError('InvalidSignatureException', 'x-amz-security-token:CANARY'), date: new Date(Date.now() + 12 * 60_000) }];
  const problem = await ask();
  expect(problem.message).toBe('ssm:GetParameter was refused: the clock of this machine is 12 min behind that of AWS');
  expect(inspect(problem, { depth: Infinity, showHidden: true })).not.toContain('CANARY');
  back();
});

test('a clock that is wrong is made up for: calls are signed with the time of AWS, and so is the data channel', async () => {
  const { getSigningCredentials } = await import('../../src/aws/hot-path');
  const back = setEnvironment(KEYS);
  const date = new Date(Date.now() + 30 * 60_000);
  aws.replies.GetParameter = [{ ...jsonError('InvalidSignatureException', 'Signature expired'), date }, { ...json({ Parameter: { Name: 'x', Value: 'no descriptor' } }), date }];
  expect(await ask()).toMatchObject({ code: 'NOT_FOUND' });
  const { signingDate } = await getSigningCredentials({ ...context, aws: { profile: undefined } });
  expect(Math.abs(signingDate.getTime() - date.getTime())).toBeLessThan(60_000);
  back();
});
