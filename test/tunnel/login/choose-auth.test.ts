import { chooseAuth } from '../../../src/tunnel/login/choose-auth';
import type { LoginRequest } from '../../../src/tunnel/login/login';

const POSTGRES = { name: 'ahbodedb', engine: 'aurora-postgresql' };
const BOTH = { iam: true, secretArn: 'arn:x' };
const ASKED: LoginRequest = { verify: false, insecure: false };

test.each<[string, object, Partial<LoginRequest>, string]>([
  ['IAM where the descriptor says so and a user is known', { ...POSTGRES, credentials: BOTH }, { user: 'me' }, 'iam'],
  ['the secret where nobody is known', { ...POSTGRES, credentials: BOTH }, {}, 'secret'],
  ['nothing where there is no secret either', { ...POSTGRES, credentials: { iam: true } }, {}, 'none'],
  ['nothing where the descriptor says nothing', POSTGRES, { user: 'me' }, 'none'],
  ['nothing of ours where the environment has a password', { ...POSTGRES, credentials: BOTH }, { user: 'me', hasPassword: true }, 'none'],
  ['what is asked for, whatever the environment has', { ...POSTGRES, credentials: BOTH }, { user: 'me', hasPassword: true, auth: 'iam' }, 'iam'],
  ['the secret of what takes no token of RDS', { name: 'dwh', engine: 'redshift', credentials: BOTH }, { user: 'me' }, 'secret'],
])('one logs in with %s', (_, target, request, auth) => {
  expect(chooseAuth({ ...POSTGRES, ...target }, { ...ASKED, ...request })).toMatchObject({ auth, why: expect.any(String) });
});

test.each<[string, object, Partial<LoginRequest>, string]>([
  ['a token is for nobody', POSTGRES, { auth: 'iam' }, 'without a user'],
  ['a token is for a cache', { engine: 'redis' }, { auth: 'iam', user: 'me' }, 'is for PostgreSQL and MySQL'],
  ['there is no secret', { credentials: { iam: true } }, { auth: 'secret' }, 'names no secret'],
])('fails with exit code 2 when %s', (_, target, request, why) => {
  const choose = () => chooseAuth({ ...POSTGRES, ...target }, { ...ASKED, ...request });
  expect(choose).toThrow(expect.objectContaining({ exit: 2, message: expect.stringContaining(why) }));
});
