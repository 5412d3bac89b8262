import { readProfiles } from '../profiles';
import type { Explanation } from './explanation';
import { whoAmI } from './explanation';

const sourceOf = (profile: string): string => readProfiles().profiles.get(profile)?.source_profile ?? profile;

/** The credentials of a profile could not be had: what the SDK says of it, and what it hands on of others. */
export const SIGN_IN: readonly Explanation[] = [
  {
    says: /aws sso login|session token not found or invalid/i,
    code: 'CREDENTIALS',
    message: ({ call, profile }) => `${call} could not be signed: the SSO session of profile "${profile}" is over`,
    next: ({ profile }) => `aws sso login --profile ${profile}`,
  },
  {
    says: /\baws login\b|re-?authenticate|^CredentialsProviderError: Failed to load token from/i,
    code: 'CREDENTIALS',
    message: ({ call, profile }) => `${call} could not be signed: the login of profile "${profile}" is over`,
    next: ({ profile }) => `aws login --profile ${profile}`,
  },
  {
    of: ['ForbiddenException'],
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} could not be signed: SSO gives profile "${profile}" no such role in that account (${said})`,
    next: ({ profile }) => `check sso_account_id and sso_role_name of the profile: aws configure list --profile ${profile}; or log in as somebody else: aws sso login --profile ${profile}`,
  },
  {
    says: /invalid SSO credentials/,
    code: 'CREDENTIALS',
    message: ({ call, profile }) => `${call} could not be signed: profile "${profile}" lacks one of sso_account_id, sso_region, sso_role_name, sso_start_url`,
    next: ({ profile }) => `aws configure sso --profile ${profile}`,
  },
  {
    says: /requires multi-factor authentication/,
    code: 'CREDENTIALS',
    message: ({ call, profile }) => `${call} could not be signed: the role of profile "${profile}" wants a code of your MFA device (mfa_serial)`,
    next: ({ profile }) => `let the AWS CLI ask for it: eval "$(aws configure export-credentials --profile ${profile} --format env)" and type the same again without --profile and AWS_PROFILE`,
  },
  {
    says: /\bnot authorized to perform: sts:AssumeRole/,
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} could not be signed: profile "${profile}" may not take on ${roleIn(said)} (${said})`,
    next: ({ profile }) => `see who you are with: ${whoAmI(sourceOf(profile))} - and have that identity allowed sts:AssumeRole on the role, and named in its trust policy`,
  },
  {
    of: ['InvalidIdentityToken', 'InvalidIdentityTokenException', 'IDPRejectedClaim', 'IDPRejectedClaimException'],
    code: 'CREDENTIALS',
    message: ({ call, said }) => `${call} could not be signed: AWS does not accept the web identity token (${said})`,
    next: () => 'check that IAM has the token\'s issuer as an OpenID Connect provider, that the role in AWS_ROLE_ARN trusts it, and that the token is fresh',
  },
  {
    of: ['ENOENT', 'EACCES', 'EISDIR'],
    code: 'CREDENTIALS',
    message: ({ call, said }) => `${call} could not be signed: the web identity token cannot be read (${said})`,
    next: () => 'check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file of the profile: it names the file that the platform writes the token to',
  },
];

/** What is said of missing credentials when nothing more is known. */
export const NO_CREDENTIALS: Explanation = {
  of: ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'],
  code: 'CREDENTIALS',
  message: ({ call, profile, said }) => `${call} could not be signed: there are no AWS credentials for profile "${profile}" (${said})`,
  next: ({ profile }) => `aws configure --profile ${profile}, or aws sso login --profile ${profile}, or set AWS_PROFILE to another one`,
};

function roleIn(said: string): string {
  return /on resource: (\S+)/.exec(said)?.[1] ?? 'its role';
}
