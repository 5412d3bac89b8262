import type { AwsContext } from '../../../aws/context';
import type { CredentialFacts } from '../../../aws/hot-path';
import type { CallerIdentity } from '../../../aws/slow-path';
import { Problem } from '../../../problem';
import { printable } from '../../../text';
import type { Finding } from '../diagnosis';
import { inTime } from '../in-time';
import type { Patient } from '../patient';

/** Credentials that end sooner than this may end during a look at the database. */
const SOON = 10 * 60_000;
/** Where we ask who we are while no region is set: anywhere will do. */
const SOME_REGION = 'us-east-1';

/** Who AWS takes us for, and for how long. */
export async function lookAtCredentials({ context, known }: Patient): Promise<Finding> {
  const aws = await import('../../../aws/hot-path');
  const region = await aws.resolveRegion(context).catch(() => SOME_REGION);
  const here: AwsContext = { ...context, aws: { ...context.aws, region } };
  const facts = await aws.describeCredentials(here);
  const profile = aws.profileName(context.aws.profile);
  const next = `get new ones: aws sso login --profile ${profile}, or what gave you these`;
  const identity = await identify(here);
  known.account = identity?.account;
  const who = identity ? `${identity.arn}, account ${identity.account}` : 'who you are could not be asked: STS cannot be reached';
  const isEnding = facts.expiresAt !== undefined && facts.expiresAt.getTime() - Date.now() < SOON;
  return {
    ...(isEnding ? { status: 'remark', next } : identity ? {} : { status: 'remark', next: 'nothing depends on it; connect does not ask STS' }),
    message: [who, facts.source && `from ${facts.source}`, validityOf(facts)].filter(Boolean).join(', '),
    details: { ...identity, profile, accessKey: facts.accessKey, source: facts.source, expiresAt: facts.expiresAt?.toISOString() },
  };
}

/** @returns undefined where STS is out of reach, of which nothing follows for the services that a tunnel needs */
async function identify(context: AwsContext): Promise<CallerIdentity | undefined> {
  const { getCallerIdentity } = await import('../../../aws/slow-path');
  try {
    const { arn, account } = await getCallerIdentity(context);
    return { arn: printable(arn), account: printable(account) };
  } catch (error) {
    if (Problem.is(error) && error.code !== 'CREDENTIALS') return undefined;
    throw error;
  }
}

function validityOf({ expiresAt }: CredentialFacts): string {
  if (expiresAt === undefined) return 'of no known end';
  return `until ${expiresAt.toISOString()} (${inTime(expiresAt.getTime() - Date.now())} left)`;
}
