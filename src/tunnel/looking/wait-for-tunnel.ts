import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { timeLimit } from '../../time-limit';
import { isTunnelHealthy } from '../probes';
import { openStore } from '../store';
import type { TunnelFilter, TunnelView } from '../tunnel';
import { findTunnels } from './find-tunnels';
import { FolderWatch } from './folder-watch';

/** Milliseconds for one answer: a database that wakes up may take long, and a tunnel may close meanwhile. */
const PROBE = 10_000;

/**
 * Waits until a tunnel that the filter matches is open, whoever opens it, and the database answers through it; through all, where there are several.
 * @param timeout milliseconds
 * @returns the tunnels; none when none was opened in time, or all were closed again
 * @throws Problem DATABASE_SILENT, or the reason of `context.signal`
 */
export async function waitForTunnel(filter: TunnelFilter, timeout: number, { log, signal: interruption }: AwsContext): Promise<TunnelView[]> {
  const signal = timeLimit(timeout, interruption);
  const folder = new FolderWatch((await openStore()).dir);
  const answered = new Set<number>();
  let said = '';
  try {
    for (;;) {
      const tunnels = await findTunnels(filter);
      const silent = tunnels.filter(({ pid }) => !answered.has(pid));
      if (tunnels.length > 0 && silent.length === 0) return tunnels;
      interruption?.throwIfAborted();
      if (signal.aborted) {
        if (tunnels.length === 0) return [];
        throw databaseSilent(silent[0]!, timeout);
      }
      const what = silent[0] ? `the tunnel is open; waiting for ${silent[0].name} to answer` : 'waiting until the tunnel is open';
      if (what !== said) log.info(what);
      said = what;
      await Promise.all(silent.map(async (tunnel) => await isAnswering(tunnel, signal) && answered.add(tunnel.pid)));
      if (silent.length === 0 || silent.some(({ pid }) => !answered.has(pid))) await folder.change(signal);
    }
  } finally {
    folder.end();
  }
}

async function isAnswering({ engine, port }: TunnelView, signal: AbortSignal): Promise<boolean> {
  return isTunnelHealthy({ engine, port, timeout: PROBE, signal }).catch(() => false);
}

function databaseSilent({ name, port }: TunnelView, timeout: number): Problem {
  return new Problem('DATABASE_SILENT', `the tunnel to ${name} is open, but the database did not answer within ${Math.round(timeout / 1000)} s`, {
    next: `look whether the database is running and lets the bastion in (security groups); \`connect status ${name} --port ${port}\` says what the tunnel knows`,
  });
}
