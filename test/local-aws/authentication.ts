import { type Caller, callerOf, type Credentials } from './credentials';
import type { Refusal } from './refusals';
import { isSignedBy, readAuthorization, type SignedRequest } from './signature';

export type Authentication =
  | { readonly caller: Caller; readonly refusal?: undefined }
  | { readonly caller?: undefined; readonly refusal: Refusal; readonly message?: string };

/** Who signed a request to a service, or why that cannot be said. */
export function authenticate(request: SignedRequest, service: string, credentials: Credentials): Authentication {
  const authorization = readAuthorization(request.headers);
  if (authorization === undefined) return { refusal: 'unsigned' };
  if (authorization.service !== service) return { refusal: 'badSignature', message: `Credential should be scoped to correct service: '${service}'.` };
  const known = credentials.find(authorization.accessKeyId);
  if (known === undefined || known.sessionToken !== request.headers['x-amz-security-token']) return { refusal: 'unknownKey' };
  if (!isSignedBy(known.secretAccessKey, request, authorization)) return { refusal: 'badSignature' };
  if (known.isExpired) return { refusal: 'expired' };
  return { caller: callerOf(known, authorization.region) };
}
