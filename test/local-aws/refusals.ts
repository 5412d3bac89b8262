import { AwsError } from './aws-error';
import { arn, type Place } from './place';

export type ServiceName = 'ec2' | 'rds' | 'secretsmanager' | 'ssm' | 'sts';

/** Ways in which every service can say no, before it looks at what was asked. */
export type Refusal = 'unsigned' | 'unknownKey' | 'badSignature' | 'expired' | 'denied' | 'throttled' | 'unknownOperation';

const OF_AWS_QUERY: Readonly<Record<Refusal, string>> = {
  unsigned: 'MissingAuthenticationToken',
  unknownKey: 'InvalidClientTokenId',
  badSignature: 'SignatureDoesNotMatch',
  expired: 'ExpiredToken',
  denied: 'AccessDenied',
  throttled: 'Throttling',
  unknownOperation: 'InvalidAction',
};

const OF_AWS_JSON: Readonly<Record<Refusal, string>> = {
  unsigned: 'MissingAuthenticationTokenException',
  unknownKey: 'UnrecognizedClientException',
  badSignature: 'InvalidSignatureException',
  expired: 'ExpiredTokenException',
  denied: 'AccessDeniedException',
  throttled: 'ThrottlingException',
  unknownOperation: 'UnknownOperationException',
};

/** The same refusal has another code in each service. */
const REFUSALS: Readonly<Record<ServiceName, Readonly<Record<Refusal, string>>>> = {
  rds: OF_AWS_QUERY,
  sts: OF_AWS_QUERY,
  ec2: {
    ...OF_AWS_QUERY,
    unknownKey: 'AuthFailure',
    badSignature: 'AuthFailure',
    expired: 'RequestExpired',
    denied: 'UnauthorizedOperation',
    throttled: 'RequestLimitExceeded',
  },
  secretsmanager: OF_AWS_JSON,
  ssm: OF_AWS_JSON,
};

export function refuse(service: ServiceName, refusal: Refusal, message?: string): AwsError {
  return new AwsError(REFUSALS[service][refusal], message);
}

/** What IAM says of a caller whose policies do not allow a call. */
export function deny(service: ServiceName, operation: string, caller: Place & { readonly arn: string }): AwsError {
  const resource = arn(caller, service, '*');
  return refuse(service, 'denied',
    `User: ${caller.arn} is not authorized to perform: ${service}:${operation} on resource: ${resource} `
    + `because no identity-based policy allows the ${service}:${operation} action`);
}
