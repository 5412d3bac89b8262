import { setTimeout as sleep } from 'node:timers/promises';
import { engineOf, type Probe } from '../../engines';
import { timeLimit } from '../../time-limit';
import { probeMemcached } from './memcached';
import { probeMongodb } from './mongodb';
import { probeMysql } from './mysql';
import { probePostgres } from './postgres';
import type { ProbeFunction } from './probe';
import { probeRedis } from './redis';
import { probeTcp } from './tcp';
import { probeTls } from './tls';

const PROBES: Readonly<Record<Probe, ProbeFunction>> = {
  postgres: probePostgres,
  mysql: probeMysql,
  redis: probeRedis,
  memcached: probeMemcached,
  mongodb: probeMongodb,
  tls: probeTls,
  tcp: probeTcp,
};

export interface HealthQuestion {
  /** A row of ENGINES, or one that it does not have. */
  readonly engine: string;
  /** The local port. */
  readonly port: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/** Whether the database answers through the tunnel within the time. Asks once. @throws the signal's reason when it is aborted */
export async function isTunnelHealthy({ engine, port, timeout, signal }: HealthQuestion): Promise<boolean> {
  const healthy = await PROBES[engineOf(engine).probe]({ port, signal: timeLimit(timeout, signal) });
  signal?.throwIfAborted();
  return healthy;
}

const FIRST_PATIENCE = 2_000;
const MOST_PATIENCE = 30_000;
const PAUSE = 250;

/**
 * Asks until the database answers or the time is over, each time with more patience: one that wakes up may take long over one answer.
 * @param onWaiting called after each question that got no answer, with the milliseconds waited so far; what it throws ends the wait
 * @returns whether it answered
 */
export async function waitUntilHealthy(question: HealthQuestion & { onWaiting?: (waited: number) => void | Promise<void> }): Promise<boolean> {
  const { timeout, signal, onWaiting } = question;
  const startedAt = performance.now();
  const left = () => timeout - (performance.now() - startedAt);
  for (let patience = FIRST_PATIENCE; left() > 0; patience = Math.min(patience * 2, MOST_PATIENCE)) {
    if (await isTunnelHealthy({ ...question, timeout: Math.ceil(Math.min(patience, left())) })) return true;
    await onWaiting?.(Math.round(performance.now() - startedAt));
    await sleep(Math.max(0, Math.min(PAUSE, left())), undefined, { signal });
  }
  return false;
}
