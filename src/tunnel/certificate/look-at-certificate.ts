import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import { printable } from '../../text';
import type { StartTls } from './start-tls';

/** Milliseconds. Who does not take our leave is left without. */
const LEAVE = 1_000;

/** What a server shows of itself, and what is to be held of it. */
export interface CertificateFacts {
  /** What it is for, as far as that fits on a line. */
  readonly names: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validTo: string;
  /** Whether it is for the host that was asked for. */
  readonly isForHost: boolean;
  /** Why it is not trusted, in OpenSSL's words; undefined where it is. */
  readonly distrust?: string;
}

export interface CertificateQuestion {
  /** The name that the certificate has to be for. */
  readonly host: string;
  /** Who may vouch for it, PEM. @default - those whom Node trusts */
  readonly authorities?: readonly string[];
  readonly startTls: StartTls;
}

/**
 * Goes through a TLS handshake, whatever it comes to, and looks at the certificate. The stream is at its end then.
 * @returns undefined where the other side does not want TLS
 * @throws Error when there is no handshake
 */
export async function lookAtCertificate(stream: Duplex, { host, authorities, startTls }: CertificateQuestion): Promise<CertificateFacts | undefined> {
  try {
    if (!await startTls.begin(stream)) return undefined;
    const secure = connect({
      socket: stream,
      ca: authorities && [...authorities],
      // What is wrong with it is to be said, and not to end the handshake.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isIP(host) ? {} : { servername: host }),
    });
    await Promise.race([once(secure, 'secureConnect'), hungUp(secure)]);
    const facts = factsOf(secure.getPeerCertificate(), host, secure.authorized ? undefined : secure.authorizationError);
    await Promise.race([startTls.end?.(secure).catch(() => undefined), sleep(LEAVE, undefined, { ref: false })]);
    return facts;
  } finally {
    stream.destroy();
  }
}

async function hungUp(stream: Duplex): Promise<never> {
  await once(stream, 'close');
  throw new Error('it hung up');
}

function factsOf(certificate: PeerCertificate, host: string, distrust: unknown): CertificateFacts {
  const { subject, issuer, subjectaltname, valid_to: validTo } = certificate;
  return {
    names: printable(subjectaltname ?? nameIn(subject), 200),
    issuer: printable(nameIn(issuer), 200),
    validTo: new Date(validTo).toISOString(),
    isForHost: checkServerIdentity(host, certificate) === undefined,
    distrust: distrust === undefined ? undefined : codeOf(distrust),
  };
}

function nameIn({ O: organization, CN: name }: { O?: unknown; CN?: unknown } = {}): string {
  return [name, organization].flat().filter((part) => part !== undefined).join(', ') || 'nobody that it names';
}

/** Node's types say an error, and Node says a text. */
function codeOf(error: unknown): string {
  return printable(error instanceof Error ? (error as NodeJS.ErrnoException).code ?? error.message : String(error));
}
