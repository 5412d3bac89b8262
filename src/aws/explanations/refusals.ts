import { type Explanation, whoAmI } from './explanation';

export const AWS_TROUBLE: Explanation = {
  of: ['InternalServerError', 'InternalFailure', 'InternalError', 'InternalServiceException', 'ServiceUnavailable', 'ServiceUnavailableException', 'Unavailable'],
  passes: true,
  message: ({ call, said }) => `${call} failed: AWS has trouble of its own (${said})`,
  next: () => 'wait a minute and type the same again; https://health.aws.amazon.com/health/status says more',
};

/** AWS answered, and not with what was asked for. */
export const REFUSALS: readonly Explanation[] = [
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
    next: ({ profile }) => `check them with: ${whoAmI(profile)}`,
  },
  {
    of: ['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature', 'IncompleteSignatureException'],
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} was refused: AWS does not accept the signature made with the credentials of profile "${profile}" (${said})`,
    next: ({ profile }) => `see that the clock of this machine is right, and check the credentials with: ${whoAmI(profile)}`,
  },
  {
    of: ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'UnauthorizedAccess', 'NotAuthorized'],
    code: 'CREDENTIALS',
    message: ({ call, profile, said }) => `${call} is not allowed for profile "${profile}" (${said})`,
    next: ({ call, profile }) => `see who you are with: ${whoAmI(profile)} - and have that identity granted ${call} (grantConnect of the target does)`,
  },
  {
    of: ['Throttling', 'ThrottlingException', 'ThrottledException', 'RequestLimitExceeded', 'TooManyRequestsException', 'SlowDown', 'RequestThrottled'],
    passes: true,
    message: ({ call }) => `${call} was refused several times: too many requests to AWS in this account and region`,
    next: () => 'wait a minute and type the same again',
  },
  AWS_TROUBLE,
];
