import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { askWorker } from '../control/client';
import { isTunnelHealthy, waitUntilHealthy } from '../probes';
import type { Deadline } from './deadline';

/** So many probes in a row that no session could carry are a fault, and not a database that wakes up. */
const MOST_UNCARRIED = 3;
/** Long enough for a round trip around the world and a session to be opened for it. */
const FIRST_PROBE = 5_000;

export interface ProbedTunnel {
  readonly name: string;
  readonly engine: string;
  readonly port: number;
  /** Where the worker says why it last failed to carry a connection. */
  readonly controlPath: string;
}

/** Whether the database answers through the tunnel now. */
export async function isAnswering({ engine, port }: { engine: string; port: number }, deadline: Deadline): Promise<boolean> {
  return isTunnelHealthy({ engine, port, timeout: Math.min(FIRST_PROBE, deadline.left), signal: deadline.interruption });
}

/**
 * Waits, visibly, until the database answers through the tunnel.
 * @param since when it was first asked
 * @throws Problem DATABASE_SILENT, or SESSION_FAILED where the tunnel says that it could not even carry the question
 */
export async function waitForDatabase(tunnel: ProbedTunnel, deadline: Deadline, { log }: AwsContext, since = Date.now()): Promise<void> {
  const { name, engine, port, controlPath } = tunnel;
  const lastError = async (): Promise<string | undefined> => {
    const status = await askWorker(controlPath, { op: 'status' });
    // While there is a session, it is another one that could not be opened.
    return status?.sessions.length === 0 ? status.lastError : undefined;
  };
  let saidWaiting = false;
  let uncarried = 0;
  const answered = await deadline.unlessInterrupted(waitUntilHealthy({
    engine,
    port,
    timeout: deadline.left,
    signal: deadline.interruption,
    async onWaiting() {
      const reason = await lastError();
      uncarried = reason === undefined ? 0 : uncarried + 1;
      if (uncarried === MOST_UNCARRIED) throw uncarriedProblem(name, reason!);
      if (!saidWaiting) log.info(`the tunnel is up; waiting for ${name} to answer (it may be starting)`);
      saidWaiting = true;
    },
  }));
  if (answered) return;
  const reason = await lastError();
  if (reason !== undefined) throw uncarriedProblem(name, reason);
  const seconds = Math.round((Date.now() - since) / 1000);
  throw new Problem('DATABASE_SILENT', `the tunnel to ${name} is up, but the database did not answer within ${seconds} s`, {
    next: 'look whether the database is running and lets the bastion in (security groups), or wait longer with --timeout',
  });
}

function uncarriedProblem(name: string, reason: string): Problem {
  return new Problem('SESSION_FAILED', `the tunnel to ${name} could not carry a connection: ${reason}`, {
    next: 'see that the bastion may resolve and reach the host, and that the account lets sessions forward to it',
  });
}
