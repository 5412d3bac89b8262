import { counted } from '../../../text';
import { findTunnels } from '../../looking/find-tunnels';
import type { TunnelView } from '../../tunnel';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

/** Whether there is a tunnel already. The walk makes a session of its own: what works for the one may fail for the other. */
export async function lookAtTunnel({ known: { target } }: Patient): Promise<Finding> {
  const { name, role, region } = target!;
  const tunnels = await findTunnels({ name, role, region });
  if (tunnels.length === 0) return { message: 'none is open' };
  const troubled = tunnels.find(({ lastError }) => lastError !== undefined);
  return {
    ...(troubled && { status: 'remark' }),
    message: tunnels.map(describe).join('; '),
    next: troubled?.next,
    details: { tunnels: tunnels.map(({ port, pid, sessionId, lastError }) => ({ port, pid, sessionId, lastError })) },
  };
}

function describe({ host, port, pid, sessions = [], lastError }: TunnelView): string {
  const count = counted(sessions.length, 'session');
  return [`open on ${host}:${port}`, `pid ${pid}`, count, lastError && `last error: ${lastError}`].filter(Boolean).join(', ');
}
