import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SigningCredentials } from '../gateway';

const SERVICE = 'ssmmessages';
const SIGNING_PARAMETER = /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token)$/i;

export interface UpgradeRequest {
  readonly url: URL;
  readonly region: string;
  readonly credentials: SigningCredentials;
}

/** The headers that sign the WebSocket upgrade (SigV4, no body). A URL that is signed already needs none. */
export async function signUpgrade(request: UpgradeRequest): Promise<Record<string, string>> {
  const { url, region, credentials } = request;
  if ([...url.searchParams.keys()].some((name) => SIGNING_PARAMETER.test(name))) return {};
  const signer = new SignatureV4({ service: SERVICE, region, credentials, sha256: Sha256, applyChecksum: false });
  const signed = await signer.sign({
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: queryOf(url),
    headers: { host: url.host },
  }, { signingDate: credentials.signingDate });
  return signed.headers;
}

function queryOf(url: URL): Record<string, string[]> {
  return Object.fromEntries([...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]));
}
