import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { makeAuthToken } from '../../src/aws/rds/auth-token';
import { testWith } from '../support/optional-tools';

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', AWS_SESSION_TOKEN: 'a/session+token==' };
const REQUEST = { host: 'ahbodedb.cluster-abc.eu-central-1.rds.amazonaws.com', port: 5432, user: 'jane.doe@example.com', region: 'eu-central-1' };
const ignore = (): void => undefined;
const CONTEXT = { aws: { region: 'eu-central-1' }, log: { debug: ignore, info: ignore, warn: ignore, error: ignore } };

let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = process.env;
  process.env = { PATH: before.PATH, ...KEYS };
});
afterEach(() => { process.env = before; });

/** Made by `aws rds generate-db-auth-token` of the AWS CLI 1.45.11. */
const FROZEN = 'ahbodedb.cluster-abc.eu-central-1.rds.amazonaws.com:5432/?Action=connect&DBUser=jane.doe%40example.com&X-Amz-Algorithm=AWS4-HMAC-SHA256'
  + '&X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Feu-central-1%2Frds-db%2Faws4_request&X-Amz-Date=20261122T064227Z'
  + '&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=a%2Fsession%2Btoken%3D%3D&X-Amz-Signature=b1427fe18d50956f760f5ca2471b6167c53d59467ea383261223d4e8355f3243';

test('is the token that the AWS CLI made at that second', async () => {
  expect(partsOf(await makeAuthToken({ ...REQUEST, date: dateOf(FROZEN) }, CONTEXT))).toEqual(partsOf(FROZEN));
});

testWith('aws')('is the token that the AWS CLI makes at the same second', async () => {
  const args = ['rds', 'generate-db-auth-token', '--hostname', REQUEST.host, '--port', String(REQUEST.port), '--username', REQUEST.user, '--region', REQUEST.region];
  const { stdout } = await promisify(execFile)('aws', args, { env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' } });
  const token = stdout.trim();
  expect(partsOf(await makeAuthToken({ ...REQUEST, date: dateOf(token) }, CONTEXT))).toEqual(partsOf(token));
});

test('fails with exit code 8 when there is nothing to sign it with', async () => {
  process.env = { PATH: before.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
  await expect(makeAuthToken(REQUEST, { ...CONTEXT, aws: { ...CONTEXT.aws, caller: 1 } })).rejects.toMatchObject({ exit: 8, message: expect.stringContaining('rds-db:connect') });
});

/** In which order they are is no matter: what is signed is sorted. */
function partsOf(token: string): string[] {
  return token.split(/[?&]/).sort();
}

function dateOf(token: string): Date {
  const date = new URL(`https://${token}`).searchParams.get('X-Amz-Date')!;
  return new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
