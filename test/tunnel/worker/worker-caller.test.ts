import type { Caller } from '../../../src/tunnel/caller';
import { WorkerCaller } from '../../../src/tunnel/worker/worker-caller';

const saved = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
});
afterEach(() => { process.env = { ...saved }; });

const KEYS: Caller = { environment: { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 's1', AWS_SESSION_TOKEN: 't1' } };
const NEWER_KEYS: Caller = { environment: { AWS_ACCESS_KEY_ID: 'AKIA2', AWS_SECRET_ACCESS_KEY: 's2' } };
const PROFILE: Caller = { profile: 'dev', environment: {} };
const OTHER_PROFILE: Caller = { environment: { AWS_PROFILE: 'ops', AWS_ACCESS_KEY_ID: 'AKIA3', AWS_SECRET_ACCESS_KEY: 's3' } };

function workerOf({ profile, environment }: Caller): WorkerCaller {
  Object.assign(process.env, environment);
  return new WorkerCaller(profile);
}

test.each([
  ['keys', KEYS, 'newer keys', NEWER_KEYS, false, true],
  ['keys', KEYS, 'the same keys', KEYS, true, false],
  ['keys', KEYS, 'a profile', PROFILE, false, false],
  ['keys that do not do', KEYS, 'a profile', PROFILE, true, true],
  ['a profile', PROFILE, 'keys', KEYS, false, false],
  ['a profile that does not do', PROFILE, 'keys', KEYS, true, true],
  ['a profile', PROFILE, 'another profile', OTHER_PROFILE, false, false],
  ['keys', KEYS, 'another profile beside keys', OTHER_PROFILE, false, false],
])('row %#: a worker with %s may be taken over', (_had, had, _offered, offered, isInTrouble, isTaken) => {
  const caller = workerOf(had);
  expect(caller.offer(offered, isInTrouble)).toBe(isTaken);
  expect(caller.turn).toBe(isTaken ? 1 : 0);
  expect(caller.profile).toBe((isTaken ? offered : had).profile);
});

test('whoever takes over brings all of their environment, and nothing of the one before stays', () => {
  workerOf(KEYS).offer(NEWER_KEYS, false);
  expect(process.env).toMatchObject(NEWER_KEYS.environment);
  expect(process.env.AWS_SESSION_TOKEN).toBeUndefined();
});
