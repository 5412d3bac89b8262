import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsContext } from '../../src/aws/context';
import * as hotPath from '../../src/aws/hot-path';
import { knownTargetNames } from '../../src/tunnel/list-targets';
import { inOrderOfUse } from '../../src/tunnel/opening/order-of-use';
import { openStore } from '../../src/tunnel/store';
import { cachedTargetNames, rememberTargetNames } from '../../src/tunnel/target-names';
import type { TunnelRequest } from '../../src/tunnel/tunnel';

jest.mock('../../src/aws/hot-path', () => ({ listDescriptors: jest.fn(), resolveRegion: async ({ aws }: AwsContext) => aws.region ?? 'us-east-1' }));
const listDescriptors = jest.mocked(hotPath.listDescriptors);

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const CONTEXT: AwsContext = { aws: { region: 'us-east-1', profile: 'dev' }, log };
const INPUT = { prefix: '/tunnelable-rds' };
const MINUTE = 60_000;

let folder: string;
let now: number;
const environment = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
  process.env.CONNECT_TUNNELS_DIR = join(folder, 'tunnels');
  now = 1_800_000_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  listDescriptors.mockReset().mockResolvedValue({ descriptors: [], unreadable: [] });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, 'tunnels', 'target-names.json');

test('names are remembered for ten minutes, in a file of one\'s own', async () => {
  expect(cachedTargetNames(INPUT, CONTEXT)).toBeUndefined();
  await rememberTargetNames(INPUT, ['ahbodedb', 'users'], CONTEXT);
  expect(cachedTargetNames(INPUT, CONTEXT)).toEqual(['ahbodedb', 'users']);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  now += 10 * MINUTE - 1;
  expect(cachedTargetNames(INPUT, CONTEXT)).toEqual(['ahbodedb', 'users']);
  now += 1;
  expect(cachedTargetNames(INPUT, CONTEXT)).toBeUndefined();
  now -= 11 * MINUTE;
  expect(cachedTargetNames(INPUT, CONTEXT)).toBeUndefined();
});

test('they are those of one account, profile, region and prefix; old ones are forgotten', async () => {
  await rememberTargetNames(INPUT, ['ahbodedb'], CONTEXT);
  now += 9 * MINUTE;
  await rememberTargetNames({ prefix: '/team' }, ['users'], CONTEXT);
  expect(cachedTargetNames(INPUT, CONTEXT)).toEqual(['ahbodedb']);
  expect(cachedTargetNames({ prefix: '/team' }, CONTEXT)).toEqual(['users']);
  for (const aws of [{ region: 'us-east-2', profile: 'dev' }, { region: 'us-east-1', profile: 'prod' }, { region: 'us-east-1' }]) {
    expect(cachedTargetNames(INPUT, { ...CONTEXT, aws })).toBeUndefined();
  }
  now += 2 * MINUTE;
  await rememberTargetNames({ prefix: '/other' }, [], CONTEXT);
  expect(Object.keys(JSON.parse(readFileSync(path(), 'utf8')))).toHaveLength(2);
});

test('without a profile they are those of an access key, which is not written down', async () => {
  const context = { ...CONTEXT, aws: {} };
  delete process.env.AWS_PROFILE;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDONE', AWS_REGION: 'us-east-1' });
  await rememberTargetNames(INPUT, ['ahbodedb'], context);
  expect(cachedTargetNames(INPUT, context)).toEqual(['ahbodedb']);
  expect(readFileSync(path(), 'utf8')).not.toContain('AKIDONE');
  process.env.AWS_ACCESS_KEY_ID = 'AKIDTWO';
  expect(cachedTargetNames(INPUT, context)).toBeUndefined();
});

test.each(['', 'garbage', '[]', '{"x":1}', 'null'])('a file that holds %j is as good as none', async (text) => {
  await rememberTargetNames(INPUT, ['ahbodedb'], CONTEXT);
  const [key] = Object.keys(JSON.parse(readFileSync(path(), 'utf8')));
  writeFileSync(path(), text);
  expect(cachedTargetNames(INPUT, CONTEXT)).toBeUndefined();
  writeFileSync(path(), JSON.stringify({ [key!]: { at: now, names: ['good', 'b\x1b[2Jad', '-x'] } }));
  expect(cachedTargetNames(INPUT, CONTEXT)).toEqual(['good']);
});

test('what is remembered is not asked for; else AWS is, once and not for long', async () => {
  expect(await knownTargetNames(INPUT, CONTEXT)).toEqual([]);
  expect(await knownTargetNames(INPUT, CONTEXT)).toEqual([]);
  expect(listDescriptors).toHaveBeenCalledTimes(1);
  expect(listDescriptors.mock.calls[0]![1]).toMatchObject({ attempts: 1, signal: expect.any(AbortSignal) });
});

test('who may not ask knows no names; who is interrupted is interrupted', async () => {
  listDescriptors.mockRejectedValue(new Error('not allowed'));
  expect(await knownTargetNames(INPUT, CONTEXT)).toEqual([]);
  await expect(knownTargetNames(INPUT, { ...CONTEXT, signal: AbortSignal.abort(new Error('interrupted')) })).rejects.toThrow('interrupted');
});

test('what was used last comes first, whatever role; what never was stays as it is', async () => {
  const store = await openStore();
  for (const name of ['a', 'b', 'c', 'a']) await store.rememberPort(`us-east-1 ${name} writer descriptor in /tunnelable-rds`, 15432);
  await store.rememberPort('us-east-1 z reader descriptor in /tunnelable-rds', 15433);
  const request = (target: string): TunnelRequest => ({ into: { target }, role: target === 'z' ? 'reader' : 'writer', prefix: '/tunnelable-rds', timeout: 1, transport: 'native' });
  const order = async (region: string) => inOrderOfUse(['x', 'b', 'a', 'y', 'z', 'c'], (name) => ({ request: request(name), context: { aws: { region }, log } }));
  expect((await order('us-east-1')).join('')).toBe('zacbxy');
  expect((await order('eu-west-1')).join('')).toBe('xbayzc');
});
