import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the local AWS shows, and nobody trusts. */
export const UNTRUSTED_TLS = { key: readFileSync(join(__dirname, 'server.key')), cert: readFileSync(join(__dirname, 'server.pem')) };
/** The path of the certificates that make it trusted. */
export const PRIVATE_CA = join(__dirname, 'ca.pem');
