import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The Authorization header of Signature Version 4, taken apart. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;

/** Undefined when there is none that can be read. */
export function readAuthorization(headers: IncomingHttpHeaders): Authorization | undefined {
  const found = AUTHORIZATION.exec(headers.authorization ?? '');
  if (found === null) return undefined;
  const [, accessKeyId, date, region, service, signedHeaders, signature] = found as unknown as string[];
  return { accessKeyId: accessKeyId!, date: date!, region: region!, service: service!, signedHeaders: signedHeaders!.split(';'), signature: signature! };
}

/** Whether the request is the one that was signed. It is worked out here from the specification, not with the library that clients sign with. */
export function isSignedBy(secretAccessKey: string, request: SignedRequest, authorization: Authorization): boolean {
  const { date, region, service, signature } = authorization;
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const stamp = String(request.headers['x-amz-date'] ?? '');
  const text = [ALGORITHM, stamp, `${date}/${region}/${service}/aws4_request`, sha256(canonical(request, authorization.signedHeaders))].join('\n');
  return stamp.startsWith(date) && authorization.signedHeaders.includes('host') && timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'));
}

function canonical({ method, url, headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const [path, query = ''] = url.split('?') as [string, string?];
  const fields = query.split('&').filter((field) => field !== '').map((field) => {
    const [name, value = ''] = field.split('=') as [string, string?];
    return `${encode(decode(name))}=${encode(decode(value))}`;
  });
  return [
    method,
    path.split('/').map(encode).join('/'),
    fields.sort().join('&'),
    ...signedHeaders.map((name) => `${name}:${[headers[name] ?? ''].flat().join(',').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** What is not encoded as it should be is taken as it is: it will not match what anybody signed. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
