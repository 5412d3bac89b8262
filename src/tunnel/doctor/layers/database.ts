import { Problem } from '../../../problem';
import { waitUntilHealthy } from '../../probes';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

/** Of the layer's time, to say what it was that took so long. */
const LAST_WORDS = 500;

/** Its answer to what the engine's clients say first. Nobody logs in. */
export async function lookAtDatabase({ known, context, until }: Patient): Promise<Finding> {
  const { engine, host, port } = known.target!;
  const timeout = until - LAST_WORDS - Date.now();
  known.hasAnswered ||= timeout > 0 && await waitUntilHealthy({ engine, port: known.door!.port, timeout, signal: context.signal });
  if (known.hasAnswered) return { message: `it answers as ${engine} does` };
  throw new Problem('DATABASE_SILENT', `${host}:${port} does not answer as ${engine} does`, {
    next: 'look whether the database is running, and whether its security groups let the bastion in and the bastion\'s let it out',
  });
}
