import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { isTunnelHealthy, waitUntilHealthy } from '../probes';
import type { Deadline } from './deadline';

/** Long enough for a round trip around the world and a session to be opened for it. */
const FIRST_PROBE = 5_000;

export interface ProbedTunnel {
  readonly name: string;
  readonly engine: string;
  readonly port: number;
  /** Why the worker last failed to carry a connection. */
  lastError(): Promise<string | undefined>;
}

/** Whether the database answers through the tunnel now. */
export async function isAnswering({ engine, port }: { engine: string; port: number }, deadline: Deadline): Promise<boolean> {
  return isTunnelHealthy({ engine, port, timeout: Math.min(FIRST_PROBE, deadline.left), signal: deadline.interruption });
}

/**
 * Waits, visibly, until the database answers through the tunnel.
 * @throws Problem DATABASE_SILENT, or SESSION_FAILED where the tunnel says that it could not even carry the question
 */
export async function waitForDatabase(tunnel: ProbedTunnel, deadline: Deadline, { log }: AwsContext): Promise<void> {
  const { name, engine, port } = tunnel;
  const begin = Date.now();
  const answered = await waitUntilHealthy({
    engine,
    port,
    timeout: deadline.left,
    signal: deadline.interruption,
    onWaiting: () => log.info(`the tunnel is up; waiting for ${name} to answer (it may be starting)`),
  });
  deadline.interruption.throwIfAborted();
  if (answered) return;
  const seconds = Math.round((Date.now() - begin) / 1000);
  const reason = await tunnel.lastError();
  if (reason) {
    throw new Problem('SESSION_FAILED', `the tunnel to ${name} could not carry a connection within ${seconds} s: ${reason}`, { next: `connect ${name} --verbose` });
  }
  throw new Problem('DATABASE_SILENT', `the tunnel to ${name} is up, but the database did not answer within ${seconds} s`, {
    next: 'look whether the database is running and lets the bastion in (security groups), or wait longer with --timeout',
  });
}
