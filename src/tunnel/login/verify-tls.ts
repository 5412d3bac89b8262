import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { engineOf } from '../../engines';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import { timeLimit } from '../../time-limit';
import { unlessAborted } from '../../unless-aborted';
import { lookAtCertificate } from '../certificate/look-at-certificate';
import { START_TLS, type StartTls } from '../certificate/start-tls';
import { howToTrust } from '../certificate/trusted-authorities';
import { LOOPBACK, type TunnelView } from '../tunnel';
import type { Trust } from './login';

/** Milliseconds for one handshake: several round trips around the world. */
const PATIENCE = 15_000;

/** Whether `connect` can have a database of an engine prove who it is. */
export function canVerifyTls(engine: string): boolean {
  return START_TLS[engineOf(engine).probe] !== undefined;
}

type Database = Pick<TunnelView, 'port' | 'engine' | 'remote'>;

/**
 * Has the database prove who it is, by a TLS connection of our own through the tunnel.
 * @param trusts are tried in turn
 * @returns by whom it was vouched for
 * @throws Problem CREDENTIALS when it does not speak TLS, or cannot prove that it is the host that it should be
 */
export async function verifyTls(database: Database, trusts: readonly Trust[], signal?: AbortSignal): Promise<Trust> {
  const { host } = database.remote;
  const start = START_TLS[engineOf(database.engine).probe];
  if (!start) throw unproven(`connect cannot ask ${database.engine} who it is, as it does not speak its TLS`);
  let doubt = '';
  for (const trust of trusts) {
    const found = await doubtOf(database, start, trust, timeLimit(PATIENCE, signal)).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw unproven(`${host} did not shake hands over TLS: ${reasonOf(error)}`);
    });
    if (found === undefined) return trust;
    // The first choice is the one that was meant; that the others do not help either says nothing.
    doubt ||= found;
  }
  throw new Problem('CREDENTIALS', `it is not proven that the database is ${host}: ${doubt}`, {
    next: doubt === OTHER_NAME
      ? 'see who wrote the descriptor, and which names the certificate of the database has'
      : `where it is a database of RDS, get the certificates that vouch for it: ${howToTrust()} - else name them with --ca FILE`,
  });
}

function unproven(message: string): Problem {
  return new Problem('CREDENTIALS', message, {
    next: 'nothing secret was sent; --tls prefer with --auth none goes on without, --insecure-tls sends the password all the same',
  });
}

const OTHER_NAME = 'its certificate is another\'s';

/** What speaks against the database being who it should be; undefined when nothing does. @throws Error when there is no handshake */
async function doubtOf({ port, remote: { host } }: Database, startTls: StartTls, { file }: Trust, signal: AbortSignal): Promise<string | undefined> {
  const authorities = file === undefined ? undefined : [readFileSync(file, 'utf8')];
  // Whoever waits for it is told by `close`.
  const socket = connect({ host: LOOPBACK, port }).on('error', () => undefined);
  try {
    const facts = await unlessAborted(lookAtCertificate(socket, { host, authorities, startTls }), signal);
    if (!facts) throw new Error('it speaks no TLS');
    if (!facts.isForHost) return OTHER_NAME;
    return facts.distrust && `its certificate is not trusted (${facts.distrust})`;
  } finally {
    socket.destroy();
  }
}
