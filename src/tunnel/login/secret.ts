import { Problem } from '../../problem';

/** What a secret of RDS's form says; whatever else it holds is ignored. */
export interface DatabaseSecret {
  readonly username: string;
  readonly password: string;
  readonly host?: string;
  readonly dbname?: string;
}

const FORM = 'JSON as RDS writes it: {"username": "...", "password": "...", "host": "...", "dbname": "..."}';

/** Reads a secret. @throws Problem CREDENTIALS that names what is missing, and quotes nothing */
export function readSecret(text: string, secretArn: string): DatabaseSecret {
  const secret = parse(text);
  const missing = ['username', 'password'].find((key) => typeof secret?.[key] !== 'string' || secret[key] === '');
  if (missing !== undefined) {
    throw new Problem('CREDENTIALS', `secret ${secretArn} ${secret ? `has no "${missing}"` : 'is no JSON object'}`, { next: `store it as ${FORM}` });
  }
  const unfit = ['username', 'password', 'dbname'].find((key) => textOr(secret?.[key])?.includes('\0'));
  if (unfit !== undefined) {
    throw new Problem('CREDENTIALS', `secret ${secretArn} has a NUL in its "${unfit}", which no program can be told`, { next: 'store it without' });
  }
  const { username, password, host, dbname } = secret as Record<string, unknown>;
  return { username: username as string, password: password as string, host: textOr(host), dbname: textOr(dbname) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const secret: unknown = JSON.parse(text);
    return typeof secret === 'object' && secret !== null && !Array.isArray(secret) ? secret as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A descriptor names a host and a secret. Whoever can write one must not be able to have any secret sent to any host.
 * @throws Problem CREDENTIALS where the secret is another database's, or does not say whose it is while the host is no database of AWS's
 */
export function refuseForeignSecret({ host: owner }: DatabaseSecret, host: string, secretArn: string): void {
  if (owner === undefined ? isDatabaseOfAws(host) : isSameDatabase(owner, host)) return;
  throw new Problem('CREDENTIALS', owner === undefined
    ? `secret ${secretArn} does not say of which database it is, and ${host} is no database of AWS's: the password is not sent`
    : `secret ${secretArn} is of ${owner} and not of ${host}: the password is not sent`, {
    next: `see who wrote the descriptor; if it is right, store "host": "${host}" in the secret`,
  });
}

/** Names that AWS gives to databases only. Others of AWS's, as those of its API gateways, lead to what anybody may have written. */
const DATABASE_OF_AWS = /\.(rds|docdb|redshift|redshift-serverless|cache)\.amazonaws\.com(\.cn)?$/i;
/** An endpoint of RDS: of a cluster, its readers, an instance, a proxy. All of an account and region share one part. */
const OF_RDS = /^([^.]+)\.(?:(?:cluster(?:-ro|-custom)?|proxy)-)?([a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?)$/i;

function isDatabaseOfAws(host: string): boolean {
  return DATABASE_OF_AWS.test(host);
}

/** A secret names the writer's endpoint; the target may be its readers', or a proxy of the same account, which has the secret itself. */
function isSameDatabase(owner: string, host: string): boolean {
  if (owner.toLowerCase() === host.toLowerCase()) return true;
  const [ours, theirs] = [OF_RDS.exec(host.toLowerCase()), OF_RDS.exec(owner.toLowerCase())];
  if (!ours || !theirs || ours[2] !== theirs[2]) return false;
  return ours[1] === theirs[1] || host.includes('.proxy-');
}
