import { engineOf, type Probe } from '../../engines';
import { timeLimit } from '../../time-limit';
import { askMongodb } from '../probes/mongodb';
import { type Attempt, prefersTls } from '../probes/or-tls';
import { askRedis } from '../probes/redis';
import type { TunnelView } from '../tunnel';

const PATIENCE = 10_000;
/** What is asked in plain text, of those whose clients have to be told which it is. */
const IN_PLAIN_TEXT: Partial<Record<Probe, Attempt>> = { redis: askRedis, mongodb: askMongodb };

/** Whether a database speaks TLS that may or may not, which no descriptor says: it is asked. @returns undefined for others, whose clients find out */
export async function speaksTls({ engine, port }: Pick<TunnelView, 'engine' | 'port'>, signal?: AbortSignal): Promise<boolean | undefined> {
  const attempt = IN_PLAIN_TEXT[engineOf(engine).probe];
  if (!attempt) return undefined;
  return prefersTls(attempt, { port, signal: timeLimit(PATIENCE, signal) });
}
