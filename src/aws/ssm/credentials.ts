import { SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

/** What may be said of credentials aloud. */
export interface CredentialFacts {
  /** Abbreviated: enough to tell one key from another. */
  readonly accessKey: string;
  /** Where they come from, for a person; undefined where the SDK does not say. */
  readonly source?: string;
  /** Undefined for those that do not expire, or do not say so. */
  readonly expiresAt?: Date;
}

/** What the SDK notes of how it came by credentials, and what that means. The first that it notes is the nearest. */
const SOURCES: readonly (readonly [note: string, source: string])[] = [
  ['CREDENTIALS_ENV_VARS', 'the environment'],
  ['CREDENTIALS_PROFILE_SSO', 'the SSO session of the profile'],
  ['CREDENTIALS_PROFILE_SSO_LEGACY', 'the SSO session of the profile'],
  ['CREDENTIALS_PROFILE_LOGIN', '`aws login`'],
  ['CREDENTIALS_PROFILE_PROCESS', 'a program that the profile names'],
  ['CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN', 'a role that the profile assumes with a token'],
  ['CREDENTIALS_PROFILE_SOURCE_PROFILE', 'a role that the profile assumes'],
  ['CREDENTIALS_PROFILE_NAMED_PROVIDER', 'a role that the profile assumes'],
  ['CREDENTIALS_PROFILE', 'the files of the profile'],
  ['CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN', 'a role, by the web identity token of the environment'],
  ['CREDENTIALS_STS_ASSUME_ROLE', 'a role'],
  ['CREDENTIALS_HTTP', 'the container'],
  ['CREDENTIALS_IMDS', 'the role of this instance'],
];
const SHOWN_OF_KEY = 4;

/** What the SDK found to sign with. Makes no call, but for those by which credentials are had. @throws Problem CREDENTIALS */
export async function describeCredentials(context: AwsContext): Promise<CredentialFacts> {
  const client = await clientOf(SSMClient, context);
  const { accessKeyId, expiration, ...rest } = await callAws({ call: 'sts:GetCallerIdentity' }, context, () => client.config.credentials());
  const notes = (rest as { $source?: Readonly<Record<string, unknown>> }).$source ?? {};
  return {
    accessKey: `${accessKeyId.slice(0, SHOWN_OF_KEY)}…${accessKeyId.slice(-SHOWN_OF_KEY)}`,
    source: SOURCES.find(([note]) => Object.hasOwn(notes, note))?.[1],
    expiresAt: expiration,
  };
}
