import { Problem } from '../problem';
import type { OpenedTunnel } from '../tunnel';
import type { Call } from './command';
import { Events } from './events';
import { closeOpened } from './opening';
import { drainingOf } from './request';
import { hurried } from './signals';

/**
 * Stays until a signal comes, or until the tunnel ends; then closes what this command opened.
 * @throws Problem TUNNEL_CLOSED when the tunnel ended by itself
 */
export async function holdOpen(call: Call, tunnel: OpenedTunnel, signal: AbortSignal): Promise<void> {
  const { watchTunnel } = await call.loadTunnels();
  const events = Events.of(tunnel, call.output);
  const { isReplaced, reason } = await watchTunnel(tunnel, (live) => events.now(tunnel, live), signal);
  // Another one on the same port is not ours to close.
  if (!isReplaced) await closeGently(call, tunnel);
  const why: unknown = signal.aborted ? signal.reason : ended(tunnel.name, reason);
  events.closed(why);
  if (!signal.aborted) throw why;
}

/** A further signal ends the wait for connections. */
async function closeGently(call: Call, tunnel: OpenedTunnel): Promise<void> {
  const draining = drainingOf(call);
  if (!draining) return closeOpened(call, tunnel);
  if (!tunnel.reused) call.output.remark(`open connections have ${call.flags.drain} s to end; a further signal cuts them`);
  return hurried(async (hurry) => closeOpened(call, tunnel, { ...draining, hurry }));
}

function ended(name: string, reason: string | undefined): Problem {
  return new Problem('TUNNEL_CLOSED', `the tunnel to ${name} ended${reason === undefined ? '' : `: ${reason}`}`, { next: `connect ${name} opens it again` });
}
