import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';

/** The AWS CLI's own variable, which the SDK does not know. */
const BUNDLE = 'AWS_CA_BUNDLE';
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Trusts the certificates of AWS_CA_BUNDLE beside those that Node trusts; undefined where it names no file.
 * @throws Problem USAGE where its file cannot be read, or holds no certificates
 */
export function trust(): tls.SecureContext | undefined {
  const path = process.env[BUNDLE];
  return path ? tls.createSecureContext({ ca: [...trustedByNode(), ...certificatesIn(path)] }) : undefined;
}

/** Node tells only since 22.15; before, those that NODE_EXTRA_CA_CERTS names are kept to itself. */
function trustedByNode(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  if (getCACertificates) return getCACertificates('default');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return extra ? [...tls.rootCertificates, ...certificatesIn(extra, 'NODE_EXTRA_CA_CERTS')] : tls.rootCertificates;
}

function certificatesIn(path: string, variable: string = BUNDLE): readonly string[] {
  try {
    const certificates = readFileSync(path, 'utf8').match(PEM) ?? [];
    if (certificates.length === 0) throw new Error('there is no certificate in it');
    return certificates.map((certificate) => new X509Certificate(certificate).toString());
  } catch (error) {
    throw new Problem('USAGE', `the certificates that ${variable} names cannot be read: ${path}: ${reasonOf(error)}`, {
      next: `export ${variable}=/path/to/ca.pem, a file of certificates in PEM, or unset it`, cause: error,
    });
  }
}
