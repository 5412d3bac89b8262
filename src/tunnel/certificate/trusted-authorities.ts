import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where RDS has the certificates that vouch for its databases. */
const RDS_BUNDLE = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';

/** What Node 22.15 and later have: its own list together with NODE_EXTRA_CA_CERTS, and that of the system. */
type Lists = { readonly getCACertificates?: (type: 'default' | 'system') => string[] };

/** Whom a client of this machine may trust: Node's list and the system's, NODE_EXTRA_CA_CERTS, and what libpq reads. PEM. */
export function trustedAuthorities(environment: Environment = process.env): string[] {
  const { getCACertificates } = tls as Lists;
  const lists = getCACertificates ? [...getCACertificates('default'), ...getCACertificates('system')] : [...tls.rootCertificates];
  const files = [environment.NODE_EXTRA_CA_CERTS, trustedFile(environment)].flatMap((file) => read(file) ?? []);
  return [...lists, ...files];
}

/** Which file libpq reads: that of PGSSLROOTCERT, which may also say "system", else the one in the home. */
export function trustedFile({ PGSSLROOTCERT: told, ...environment }: Environment = process.env): string | undefined {
  return told === 'system' ? undefined : told || rootCertificates(environment);
}

/** Where PostgreSQL's own clients look for those whom they trust. */
export function rootCertificates(environment: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  const { APPDATA = homedir(), HOME = homedir() } = environment;
  return platform === 'win32' ? join(APPDATA, 'postgresql', 'root.crt') : join(HOME, '.postgresql', 'root.crt');
}

/** What to type to have RDS vouched for. */
export function howToTrust(platform: NodeJS.Platform = process.platform): string {
  const [folder, path] = platform === 'win32' ? ['%APPDATA%\\postgresql', '%APPDATA%\\postgresql\\root.crt'] : ['~/.postgresql', '~/.postgresql/root.crt'];
  const make = platform === 'win32' ? `mkdir ${folder} &` : `mkdir -p ${folder} &&`;
  return `${make} curl -o ${path} ${RDS_BUNDLE}`;
}

/** One that is not there, or cannot be read, adds nobody to those who are trusted. */
function read(file: string | undefined): string | undefined {
  try {
    return file && readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
