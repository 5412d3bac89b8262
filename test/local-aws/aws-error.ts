const SIGNATURE_MISMATCH = 'The request signature we calculated does not match the signature you provided. '
  + 'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** Codes whose HTTP status is not 400, and the texts that AWS has for codes that need none of their own. */
const CODES: Readonly<Record<string, { readonly status?: number; readonly message?: string }>> = {
  DBClusterNotFoundFault: { status: 404 },
  ExpiredToken: { status: 403, message: 'The security token included in the request is expired' },
  ExpiredTokenException: { message: 'The security token included in the request is expired' },
  RequestExpired: { message: 'Request has expired.' },
  AuthFailure: { status: 401, message: 'AWS was not able to validate the provided access credentials' },
  InvalidClientTokenId: { status: 403, message: 'The security token included in the request is invalid.' },
  UnrecognizedClientException: { message: 'The security token included in the request is invalid.' },
  MissingAuthenticationToken: { status: 403, message: 'Request is missing Authentication Token' },
  MissingAuthenticationTokenException: { message: 'Missing Authentication Token' },
  SignatureDoesNotMatch: { status: 403, message: SIGNATURE_MISMATCH },
  InvalidSignatureException: { message: SIGNATURE_MISMATCH },
  AccessDenied: { status: 403 },
  UnauthorizedOperation: { status: 403, message: 'You are not authorized to perform this operation.' },
  Throttling: { message: 'Rate exceeded' },
  ThrottlingException: { message: 'Rate exceeded' },
  DryRunOperation: { status: 412, message: 'Request would have succeeded, but DryRun flag is set.' },
  RequestLimitExceeded: { status: 503, message: 'Request limit exceeded.' },
  InsufficientInstanceCapacity: { status: 500, message: 'Insufficient capacity.' },
  InternalError: { status: 500, message: 'An internal error has occurred' },
  InternalFailure: { status: 500, message: 'The request processing has failed because of an unknown error' },
  InternalServerError: { status: 500, message: 'Internal Server Error' },
  ServiceUnavailable: { status: 503, message: 'Service Unavailable' },
};

/** An answer of AWS that says no. Clients match on its code. */
export class AwsError extends Error {
  readonly status: number;

  constructor(readonly code: string, message?: string, status?: number) {
    super(message ?? CODES[code]?.message ?? '');
    this.name = code;
    this.status = status ?? CODES[code]?.status ?? 400;
  }

  /** AWS is to blame, not the caller. */
  get isServerFault(): boolean {
    return this.status >= 500;
  }
}
