import { Problem, type ProblemCode } from '../problem';
import type { AwsContext } from './context';
import { profileName } from './region';

export interface FailingCall {
  /** As IAM spells it: `ssm:GetParameter`. */
  readonly call: string;
  /** What a failure means that says nothing by itself. */
  readonly otherwise?: ProblemCode;
  /** What a failure means to this call in particular, by the name that the SDK gives it. */
  readonly problems?: Readonly<Record<string, (cause: Error) => Problem>>;
}

/** What an explanation may say of the call that failed. */
interface Failure {
  readonly call: string;
  readonly profile: string;
  /** What AWS or the SDK said. */
  readonly said: string;
}

interface Explanation {
  /** Names and codes of errors. */
  readonly of: readonly string[];
  /** Whether the same call may well succeed in a while. */
  readonly passes?: true;
  /** @default - what the call says it means */
  readonly code?: ProblemCode;
  readonly message: (failure: Failure) => string;
  readonly next: (failure: Failure) => string;
}

const whoAmI = ({ profile }: Failure): string => `aws sts get-caller-identity --profile ${profile}`;

/** How the SDK's SSO provider says it: under the name of any missing credentials. */
const SSO_SESSION_OVER = /aws sso login|session token not found or invalid/i;
const SSO_EXPIRED: Explanation = {
  of: [],
  code: 'CREDENTIALS',
  message: ({ call, profile }) => `${call} could not be signed: the SSO session of profile "${profile}" is over`,
  next: ({ profile }) => `aws sso login --profile ${profile}`,
};

const NO_CREDENTIALS: Explanation = {
  of: ['CredentialsProviderError', 'TokenProviderError', 'ProviderError'],
  code: 'CREDENTIALS',
  message: ({ call, profile, said }) => `${call} could not be signed: there are no AWS credentials for profile "${profile}" (${said})`,
  next: ({ profile }) => `aws configure --profile ${profile}, or aws sso login --profile ${profile}, or set AWS_PROFILE to another one`,
};

const AWS_TROUBLE: Explanation = {
  of: ['InternalServerError', 'InternalFailure', 'InternalError', 'InternalServiceException', 'ServiceUnavailable', 'ServiceUnavailableException', 'Unavailable'],
  passes: true,
  message: ({ call, said }) => `${call} failed: AWS has trouble of its own (${said})`,
  next: () => 'wait a minute and type the same again; https://health.aws.amazon.com/health/status says more',
};

const EXPLANATIONS: readonly Explanation[] = [
  NO_CREDENTIALS,
  {
    of: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
    code: 'CREDENTIALS',
    message: ({ call, profile }) => `${call} was refused: the AWS credentials of profile "${profile}" have expired`,
    next: ({ profile }) => `get new ones, for example: aws sso login --profile ${profile}`,
  },
  {
    of: ['InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure', 'InvalidAccessKeyId', 'MissingAuthenticationToken'],
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} was refused: AWS does not accept the credentials of profile "${profile}" (${said})`,
    next: (failure) => `check them with: ${whoAmI(failure)}`,
  },
  {
    of: ['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature', 'IncompleteSignatureException'],
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} was refused: AWS does not accept the signature made with the credentials of profile "${profile}" (${said})`,
    next: (failure) => `see that the clock of this machine is right, and check the credentials with: ${whoAmI(failure)}`,
  },
  {
    of: ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'UnauthorizedAccess', 'NotAuthorized'],
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} is not allowed for profile "${profile}" (${said})`,
    next: (failure) => `see who you are with: ${whoAmI(failure)} - and have that identity granted ${failure.call} (grantConnect of the target does)`,
  },
  {
    of: ['Throttling', 'ThrottlingException', 'ThrottledException', 'RequestLimitExceeded', 'TooManyRequestsException', 'SlowDown', 'RequestThrottled'],
    passes: true,
    message: ({ call }) => `${call} was refused several times: too many requests to AWS in this account and region`,
    next: () => 'wait a minute and type the same again',
  },
  {
    of: ['TimeoutError', 'ETIMEDOUT', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE'],
    passes: true,
    message: ({ call, said }) => `${call} got no answer: AWS cannot be reached (${said})`,
    next: () => 'check the network, VPN and AWS_ENDPOINT_URL, and type the same again',
  },
  {
    of: ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    message: ({ call, said }) => `${call} was not sent: the certificate of the other side is not trusted (${said})`,
    next: () => 'if a proxy of yours signs certificates, type: export NODE_EXTRA_CA_CERTS=/path/to/its/ca.pem',
  },
  AWS_TROUBLE,
];

const OTHERWISE: Explanation = {
  of: [],
  message: ({ call, said }) => `${call} failed (${said})`,
  next: () => 'type the same again with --verbose to see all that AWS said',
};

/** AWS could not be reached, or had too much to do: the same call may succeed later. */
export class PassingTrouble extends Problem {
  readonly name = 'PassingTrouble';
}

/** What failed at AWS, as a problem that a person can act on. AWS's own error, with its request id, is the cause. */
export function explainAwsError(error: unknown, { call, otherwise, problems = {} }: FailingCall, context: AwsContext): Problem {
  if (Problem.is(error)) return error;
  if (error instanceof Error && Object.hasOwn(problems, error.name)) return problems[error.name]!(error);
  const cause = quotesRequest(error) ? withoutWords(error) : error;
  const failure: Failure = { call, profile: profileName(context.aws.profile), said: textOf(cause) };
  const { code, passes, message, next } = explanationOf(cause, failure.said);
  const details = { next: next(failure), cause };
  if (passes) return new PassingTrouble(otherwise ?? 'SESSION_FAILED', message(failure), details);
  return new Problem(code ?? otherwise ?? 'UNEXPECTED', message(failure), details);
}

/** AWS explains a wrong signature by the request that it should have been made for, the session token among its headers. */
function quotesRequest(error: unknown): error is Error {
  return error instanceof Error && /signature|x-amz-security-token/i.test(`${error.name} ${error.message}`);
}

function withoutWords(error: Error): Error {
  const { name, code, $metadata } = error as Error & { code?: string; $metadata?: { requestId?: string } };
  return Object.assign(new Error(), { name, code, $metadata: { requestId: $metadata?.requestId } });
}

function explanationOf(error: unknown, said: string): Explanation {
  const { name, code, $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  const found = EXPLANATIONS.find(({ of }) => of.includes(name ?? '') || of.includes(code ?? ''));
  if (found === NO_CREDENTIALS && SSO_SESSION_OVER.test(said)) return SSO_EXPIRED;
  if (found) return found;
  return ($metadata?.httpStatusCode ?? 0) >= 500 ? AWS_TROUBLE : OTHERWISE;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.message.trim().replace(/\.$/, '');
  return said === '' || said === error.name || said === 'UnknownError' ? error.name : `${error.name}: ${said}`;
}
