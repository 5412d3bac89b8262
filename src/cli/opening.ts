import type { OpenedTunnel } from '../tunnel';
import type { TunnelRequest } from '../tunnel/tunnel';
import type { Call } from './command';

/** Opens a tunnel; a signal that comes in the last moment still means: leave nothing. */
export async function openOrLeaveNothing(call: Call, request: TunnelRequest, signal: AbortSignal): Promise<OpenedTunnel> {
  const { openTunnel } = await call.loadTunnels();
  const tunnel = await openTunnel(request, { ...call.context, signal });
  if (signal.aborted) await closeOpened(call, tunnel);
  signal.throwIfAborted();
  return tunnel;
}

/** Closes what this command opened. What was open before stays open. */
export async function closeOpened(call: Call, { name, role, port, reused }: OpenedTunnel): Promise<void> {
  if (reused) return;
  const { closeTunnels } = await call.loadTunnels();
  await closeTunnels({ name, role, port }, call.context);
}
