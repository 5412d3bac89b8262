import type { IncomingMessage } from 'node:http';

/** Whether a request carries an AWS signature for this service that covers the host. Whether it is a true one is for others to check. */
export function isSigned(request: IncomingMessage): boolean {
  return hasSignedHeader(request.headers.authorization ?? '') || hasSignedQuery(new URL(request.url ?? '/', 'ws://localhost').searchParams);
}

function hasSignedHeader(authorization: string): boolean {
  const [, scope, headers] = /^AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=[0-9a-f]{64}$/.exec(authorization) ?? [];
  return isScope(scope) && coversHost(headers);
}

function hasSignedQuery(query: URLSearchParams): boolean {
  return query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256'
    && isScope(query.get('X-Amz-Credential'))
    && coversHost(query.get('X-Amz-SignedHeaders'))
    && /^[0-9a-f]{64}$/.test(query.get('X-Amz-Signature') ?? '');
}

function isScope(credential: string | null | undefined): boolean {
  return /^[^/]+\/\d{8}\/[a-z0-9-]+\/ssmmessages\/aws4_request$/.test(credential ?? '');
}

function coversHost(headers: string | null | undefined): boolean {
  return (headers ?? '').split(';').includes('host');
}
