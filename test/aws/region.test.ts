import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  await expect(resolveRegion({ ...context, aws: { profile: 'dev' } })).rejects.toMatchObject({
    code: 'USAGE',
    message: 'no AWS region is set: not by a flag, not by the environment, not in the profile "dev"',
    next: 'add --region us-east-1, or type: export AWS_REGION=us-east-1',
  });
});

test.each([
  [false, {}],
  [true, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }],
  [true, { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1' }],
  [false, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
])('a custom endpoint is used: %s with %j', (used, variables) => {
  const restoreEndpoint = setEnvironment({
    AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_SSM: undefined, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined, ...variables,
  });
  expect(usesCustomEndpoint()).toBe(used);
  restoreEndpoint();
});
