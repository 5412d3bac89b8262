import { existsSync } from 'node:fs';
import { trustedFile } from '../certificate/trusted-authorities';
import type { Trust } from './login';

/**
 * Who may vouch for a database, the first choice first: only who is named, where somebody is; else PGSSLROOTCERT or the file of PostgreSQL's
 * clients, NODE_EXTRA_CA_CERTS, and those whom Node trusts by itself.
 */
export function trustsFor(ca: string | undefined, environment: NodeJS.ProcessEnv = process.env): Trust[] {
  if (ca !== undefined) return [{ file: ca }];
  const files = [trustedFile(environment), environment.NODE_EXTRA_CA_CERTS].filter((file): file is string => Boolean(file) && existsSync(file!));
  return [...files.map((file) => ({ file })), {}];
}
