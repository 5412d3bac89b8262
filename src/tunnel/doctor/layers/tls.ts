import { connect } from 'node:net';
import { engineOf } from '../../../engines';
import { Problem } from '../../../problem';
import { reasonOf } from '../../../text';
import { timeLimit } from '../../../time-limit';
import { unlessAborted } from '../../../unless-aborted';
import { type CertificateFacts, lookAtCertificate } from '../../certificate/look-at-certificate';
import { START_TLS } from '../../certificate/start-tls';
import { howToTrust, trustedAuthorities } from '../../certificate/trusted-authorities';
import { LOOPBACK } from '../../tunnel';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

/** Who is spoken to in TLS and does not speak it may never answer. */
const PATIENCE = 5_000;
/** What no list of authorities makes good. */
const OUT_OF_DATE = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

const NAME_CA = 'name the one that signed it: export NODE_EXTRA_CA_CERTS=/path/to/its/ca.pem, or PGSSLROOTCERT for PostgreSQL\'s clients';

/** The certificate of the database: for the host that the descriptor names, of somebody who is trusted here. */
export async function lookAtTls({ known, context }: Patient): Promise<Finding> {
  const { engine, host } = known.target!;
  const { probe } = engineOf(engine);
  const startTls = START_TLS[probe];
  if (!startTls) return { status: 'skipped', message: `connect does not speak the language of ${engine}` };
  const signal = timeLimit(PATIENCE, context.signal);
  const socket = connect({ port: known.door!.port, host: LOOPBACK, signal });
  let facts: CertificateFacts | undefined;
  try {
    facts = await unlessAborted(lookAtCertificate(socket.on('error', () => undefined), { host, authorities: trustedAuthorities(), startTls }), signal);
  } catch (error) {
    context.signal.throwIfAborted();
    if (startTls.isOptional) return { status: 'skipped', message: 'it seems to speak without TLS' };
    return { status: 'remark', message: `there was no TLS handshake: ${reasonOf(error)}`, next: 'see how the database is configured' };
  } finally {
    socket.destroy();
  }
  if (!facts) return { status: 'remark', message: 'the database offers no TLS: between the bastion and it, everything is in the clear', next: 'see how it is configured' };
  return judge(facts, host);
}

function judge(facts: CertificateFacts, host: string): Finding {
  const { names, issuer, validTo, isForHost, distrust } = facts;
  if (!isForHost) {
    throw new Problem('DATABASE_SILENT', `the certificate is for ${names}, and not for ${host}`, {
      next: 'look whether something stands between the bastion and the database, or the name leads elsewhere; do not send it a password',
    });
  }
  if (distrust && OUT_OF_DATE.includes(distrust)) {
    throw new Problem('DATABASE_SILENT', `the certificate for ${host} is out of date: valid until ${validTo} (${distrust})`, { next: 'have it rotated; see the clock of this machine' });
  }
  const details = { ...facts };
  const message = `the certificate is for ${host}, signed by ${issuer}, valid until ${validTo}`;
  if (!distrust) return { message: `${message}, trusted here`, details };
  const next = /\.amazonaws\.com(\.cn)?$/.test(host) ? `fetch Amazon's: ${howToTrust()}` : NAME_CA;
  return { status: 'remark', message: `${message}; nobody here knows that authority (${distrust})`, next, details };
}
