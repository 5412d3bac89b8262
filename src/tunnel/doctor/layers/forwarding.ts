import { Problem } from '../../../problem';
import { isTunnelHealthy } from '../../probes';
import type { Finding } from '../diagnosis';
import { Door } from '../door';
import type { Patient } from '../patient';

/** Milliseconds for a dial within the VPC, a round trip to it, and an answer. */
const DIAL_PATIENCE = 5_000;

/**
 * A connection to the host, dialled by the agent. The agent says nothing of a dial that succeeds; so the connection asks what the engine is asked,
 * and is looked at: who is refused is hung up on, and who knocks at a closed security group hears nothing.
 */
export async function lookAtForwarding({ known, context, atEnd }: Patient): Promise<Finding> {
  const [target, carrier] = [known.target!, known.carrier!];
  const door = known.door = await Door.before(carrier, context.log);
  atEnd(async () => door.close());
  const where = `${target.host}:${target.port}`;
  const begin = performance.now();
  known.hasAnswered = await isTunnelHealthy({ engine: target.engine, port: door.port, timeout: DIAL_PATIENCE, signal: context.signal });
  const took = Math.round(performance.now() - begin);
  if (known.hasAnswered || door.hasAnswered) return { message: `${where} is reached, and answered in ${took} ms`, details: { milliseconds: took } };
  if (!carrier.isOpen) throw sessionOver((await carrier.ended).reason);
  if (door.turnsAllAway) throw refused(where);
  return { status: 'remark', message: `${where} was dialled, and has not said a word within ${DIAL_PATIENCE / 1000} s` };
}

function refused(where: string): Problem {
  return new Problem('DATABASE_SILENT', `the bastion could not connect to ${where}: nobody listens there, or the name does not resolve in its VPC`, {
    next: 'look whether the database is running, and has this name and port; a name that moved: cdk deploy',
  });
}

function sessionOver(reason: string): Problem {
  return new Problem('SESSION_FAILED', `the session ended: ${reason}`, { next: 'type the same again, with --verbose' });
}
