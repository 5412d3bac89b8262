import type { Draining, OpenedTunnel } from '../tunnel';
import type { TunnelRequest } from '../tunnel/tunnel';
import type { Call } from './command';
import { Events } from './events';
import { withNearName } from './near-name';
import { requestedName, tunnelRequest } from './request';

/** Opens a tunnel; a signal that comes in the last moment still means: leave nothing. */
export async function openOrLeaveNothing(call: Call, request: TunnelRequest, signal: AbortSignal): Promise<OpenedTunnel> {
  const { openTunnel } = await call.loadTunnels();
  const tunnel = await openTunnel(request, { ...call.context, signal })
    .catch(async (error: unknown) => { throw await withNearName(error, call, signal); });
  if (signal.aborted) await closeOpened(call, tunnel);
  signal.throwIfAborted();
  return tunnel;
}

/** Opens the tunnel of a call; who reads events is told that it begins, or why it came to nothing. */
export async function openTelling(call: Call, signal: AbortSignal): Promise<OpenedTunnel> {
  const request = tunnelRequest(call);
  const events = new Events(call.output, requestedName(request), request.role);
  return events.opening(async () => openOrLeaveNothing(call, request, signal));
}

/** Says to the person what is open now, and how it ends. */
export function remarkOpen({ name, output, flags }: Call, tunnel: OpenedTunnel): void {
  const how = tunnel.reused ? 'was open already' : 'is open';
  const end = flags.foreground && !tunnel.reused ? 'Ctrl-C closes it' : `\`connect close ${name ?? tunnel.name}\` closes it`;
  output.remark(`${tunnel.name} (${tunnel.role}) ${how}, through bastion ${tunnel.bastion.exid}, pid ${tunnel.pid}; ${end}`);
}

/** Lets go of a tunnel that a command was run through, and closes it where that was asked for. */
export async function letGo(call: Call, tunnel: OpenedTunnel): Promise<void> {
  const { close, foreground } = call.flags;
  const answer = await tunnel.hold?.release();
  if (foreground || answer?.phase === 'closing') await closeOpened(call, tunnel);
  // Without an answer there is no tunnel any more: another has closed it.
  else if (close && (tunnel.reused || answer)) call.output.remark(`the tunnel to ${tunnel.name} stays open: ${tunnel.reused ? 'it was open already' : 'another `connect` uses it'}`);
}

/** Closes what this command opened. What was open before stays open. @param draining how long connections that are open may go on */
export async function closeOpened(call: Call, { name, role, port, reused }: OpenedTunnel, draining?: Draining): Promise<void> {
  if (reused) return;
  const { closeTunnels } = await call.loadTunnels();
  await closeTunnels({ name, role, port }, call.context, draining);
}
