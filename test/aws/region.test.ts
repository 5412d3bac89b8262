import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientOf, forgetClients } from '../../src/aws/clients';
import { resolveRegion, usesCustomEndpoint } from '../../src/aws/hot-path';
import { context, setEnvironment } from './stub-aws';

const NOTHING = {
  AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_PROFILE: undefined, AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
};
let restore: () => void;
beforeEach(() => { restore = setEnvironment(NOTHING); });
afterEach(() => restore());

test('the region is the flag, else AWS_REGION, else AWS_DEFAULT_REGION, else the profile\'s', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  process.env.AWS_CONFIG_FILE = join(folder, 'config');
  await writeFile(process.env.AWS_CONFIG_FILE, '[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-2\n');
  expect(await resolveRegion(context)).toBe('eu-west-1');
  expect(await resolveRegion({ ...context, aws: { profile: 'dev' } })).toBe('eu-west-2');
  process.env.AWS_DEFAULT_REGION = 'eu-north-1';
  expect(await resolveRegion({ ...context, aws: { profile: 'dev' } })).toBe('eu-north-1');
  process.env.AWS_REGION = 'eu-south-1';
  expect(await resolveRegion(context)).toBe('eu-south-1');
  expect(await resolveRegion({ ...context, aws: { region: 'us-east-1' } })).toBe('us-east-1');
  await rm(folder, { recursive: true });
});

test('fails when nothing names a region, and says what to type', async () => {
  await expect(resolveRegion(context)).rejects.toMatchObject({
    code: 'USAGE',
    message: 'no AWS region is set: not by a flag, not by the environment, not in the profile "default"',
    next: 'add --region us-east-1, or type: export AWS_REGION=us-east-1',
  });
});

test('fails when there is no such profile to name a region', async () => {
  await expect(resolveRegion({ ...context, aws: { profile: 'dev' } })).rejects.toMatchObject({
    code: 'CREDENTIALS', message: 'there is no profile "dev" in /nonexistent or /nonexistent', next: expect.stringContaining('aws configure sso --profile dev'),
  });
});

const CONFIG = '[default]\nservices = mine\n[profile all]\nendpoint_url = http://127.0.0.1:1\n[profile none]\n[services mine]\nssm =\n  endpoint_url = http://127.0.0.1:1\n';

test.each([
  [false, { AWS_PROFILE: 'none' }],
  [true, { AWS_PROFILE: 'all' }],
  [true, {}],
  [true, { AWS_PROFILE: 'none', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }],
  [true, { AWS_PROFILE: 'none', AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1' }],
  [false, { AWS_PROFILE: 'none', AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' }],
  [false, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
])('a custom endpoint is used: %s with %j and those of the config file', async (used, variables) => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-'));
  const config = join(folder, 'config');
  await writeFile(config, CONFIG);
  const restoreEndpoint = setEnvironment({
    AWS_ENDPOINT_URL: undefined,
    AWS_ENDPOINT_URL_SSM: undefined,
    AWS_ENDPOINT_URL_EC2: undefined,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
    AWS_CONFIG_FILE: config,
    ...variables,
  });
  forgetClients();
  expect(await usesCustomEndpoint({ ...context, aws: { region: 'eu-west-1' } })).toBe(used);
  restoreEndpoint();
  await rm(folder, { recursive: true });
});

test.each([
  ['ssm.eu-west-1.amazonaws.com', {}],
  ['ssm-fips.us-east-1.amazonaws.com', { AWS_USE_FIPS_ENDPOINT: 'true', AWS_REGION: 'us-east-1' }],
  ['ssm.eu-west-1.api.aws', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }],
  ['vpce-0a1b2c3d.ssm.eu-west-1.vpce.amazonaws.com', { AWS_ENDPOINT_URL_SSM: 'https://vpce-0a1b2c3d.ssm.eu-west-1.vpce.amazonaws.com' }],
])('calls go to %s with %j', async (host, variables) => {
  const restoreEndpoint = setEnvironment({
    AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1', AWS_USE_FIPS_ENDPOINT: undefined, AWS_USE_DUALSTACK_ENDPOINT: undefined, AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_SSM: undefined, ...variables,
  });
  forgetClients();
  const client = await clientOf(SSMClient, context);
  const hosts: string[] = [];
  client.middlewareStack.add(() => async ({ request }) => {
    hosts.push((request as { hostname: string }).hostname);
    throw new Error('far enough');
  }, { step: 'build' });
  await client.send(new GetParameterCommand({ Name: 'x' })).catch(() => undefined);
  expect(hosts).toEqual([host]);
  restoreEndpoint();
});
