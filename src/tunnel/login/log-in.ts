import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { withAdvice } from '../../text';
import type { OpenedTunnel } from '../opening/open-tunnel';
import { chooseAuth } from './choose-auth';
import type { Auth, Login, LoginRequest } from './login';
import { readSecret, refuseForeignSecret } from './secret';
import { trustsFor } from './trust';
import { verifyTls } from './verify-tls';

const WITH: Readonly<Record<Auth, string>> = { iam: 'a token of IAM', secret: 'the secret of the target', none: 'no password of ours' };

/**
 * What to log in to the database of an open tunnel with. A password is fetched only after the database has proven who it is. What was not asked
 * for by name is no reason to fail: where it cannot be had, that is said, and there is none.
 * @throws Problem CREDENTIALS, or USAGE for what cannot be had of this target
 */
export async function logIn(tunnel: OpenedTunnel, request: LoginRequest, context: AwsContext): Promise<Login> {
  const { auth, why } = chooseAuth(tunnel, request);
  const database = request.database ?? tunnel.database;
  const { user } = request;
  const trusts = trustsFor(request.ca);
  const trust = request.verify ? await verifyTls(tunnel, trusts, context.signal) : undefined;
  const none: Login = { auth: 'none', user, database, trust };
  // Who asked for none need not be told.
  if (request.auth !== 'none') context.log.info(`to log in to ${tunnel.name}: ${WITH[auth]}${auth === 'iam' ? ` for ${user}` : ''}, ${why}`);
  if (auth === 'none') return none;
  try {
    const proof = trust ?? (request.insecure ? undefined : await verifyTls(tunnel, trusts, context.signal));
    return { auth, database, trust: proof, ...await FETCH[auth](tunnel, request, context) };
  } catch (error) {
    if (request.auth !== undefined || !Problem.is(error)) throw error;
    context.log.warn(withAdvice(`no password is handed out: ${error.message}`, `${error.next}; --auth none asks for none`));
    return none;
  }
}

type Fetch = (tunnel: OpenedTunnel, request: LoginRequest, context: AwsContext) => Promise<Pick<Login, 'user' | 'password'> & { database?: string }>;

const FETCH: Readonly<Record<Exclude<Auth, 'none'>, Fetch>> = {
  async iam({ remote, region }, { user }, context) {
    const { makeAuthToken } = await import('../../aws/hot-path');
    return { user, password: await makeAuthToken({ ...remote, region, user: user! }, context) };
  },
  async secret({ remote, credentials, database: ofDescriptor }, request, context) {
    const secretArn = credentials!.secretArn!;
    const { getSecretText } = await import('../../aws/slow-path');
    const secret = readSecret(await getSecretText({ secretArn }, context), secretArn);
    refuseForeignSecret(secret, remote.host, secretArn);
    if (request.user !== undefined && request.user !== secret.username) throw otherUser(request.user, secretArn);
    return { user: secret.username, password: secret.password, database: request.database ?? ofDescriptor ?? secret.dbname };
  },
};

function otherUser(user: string, secretArn: string): Problem {
  return new Problem('CREDENTIALS', `secret ${secretArn} is not the one of user ${user}`, { next: 'leave out --user (or unset PGUSER), or use --auth iam or --auth none' });
}
