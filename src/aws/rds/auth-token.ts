import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsContext } from '../context';
import { getSigningCredentials } from '../ssm/sessions';

const SERVICE = 'rds-db';
/** Seconds in which a connection may be begun with it; more is not taken. */
const LIFETIME = 15 * 60;

export interface AuthTokenRequest {
  /** The database's own name: the token is good for no other. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
  /** @default - now */
  readonly date?: Date;
}

/**
 * The password of a database user who logs in by IAM: a signed URL without its scheme. Secret, and good for 15 minutes. Made here; AWS is not asked.
 * @throws Problem CREDENTIALS when there is nothing to sign it with
 */
export async function makeAuthToken({ host, port, user, region, date }: AuthTokenRequest, context: AwsContext): Promise<string> {
  const credentials = await getSigningCredentials(context, 'rds-db:connect');
  const signer = new SignatureV4({ service: SERVICE, region, credentials, sha256: Sha256, applyChecksum: false });
  const { query = {} } = await signer.presign({
    method: 'GET',
    protocol: 'https:',
    hostname: host,
    port,
    path: '/',
    query: { Action: 'connect', DBUser: user },
    headers: { host: `${host}:${port}` },
  }, { expiresIn: LIFETIME, signingDate: date ?? credentials.signingDate });
  return `${host}:${port}/?${Object.entries(query).map(([name, value]) => `${escape(name)}=${escape(String(value))}`).join('&')}`;
}

/** As a signature wants it: `encodeURIComponent` leaves some characters as they are. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
