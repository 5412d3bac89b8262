import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../problem';
import type { OpenedTunnel } from '../../tunnel';
import { type Call, type Command, COMMON_FLAGS } from '../command';
import { endpointOf, urlOf } from '../endpoint';
import { closeOpened, openOrLeaveNothing } from '../opening';
import { tunnelRequest } from '../request';
import { interruptible } from '../signals';
import { runThrough } from './run';

const LOOK_EVERY_MS = 1000;
/** A busy worker may miss one look, or two. */
const LOOKS_UNTIL_GONE = 3;

export const open: Command = {
  name: 'open',
  synopsis: '[target]',
  summary: 'Open a tunnel, or reuse the one that is open; with -- run a command through it',
  flags: ['port', 'role', 'region', 'profile', 'bastion', 'cluster', 'prefix', 'timeout', 'transport', 'lanes', 'packets-per-second', 'shared', 'reason', 'foreground', ...COMMON_FLAGS],
  async run(call) {
    const request = tunnelRequest(call);
    if (call.childCommand) return runThrough(call, request, call.childCommand);
    return interruptible(async (signal) => {
      const tunnel = await openOrLeaveNothing(call, request, signal);
      print(call, tunnel);
      if (call.flags.foreground) await holdOpen(call, tunnel, signal);
      return 0;
    });
  },
};

function print({ output, flags }: Call, tunnel: OpenedTunnel): void {
  output.result(endpointOf(tunnel), { ...tunnel, url: urlOf(tunnel) });
  const how = tunnel.reused ? 'was open already' : 'is open';
  const end = flags.foreground && !tunnel.reused ? 'Ctrl-C closes it' : `\`connect close ${tunnel.name}\` closes it`;
  output.remark(`${tunnel.name} (${tunnel.role}) ${how}, through bastion ${tunnel.bastion.exid}, pid ${tunnel.pid}; ${end}`);
}

/** Stays until a signal comes, or until the tunnel ends. */
async function holdOpen(call: Call, tunnel: OpenedTunnel, signal: AbortSignal): Promise<void> {
  const { findTunnels } = await call.loadTunnels();
  const { name, role, port, pid } = tunnel;
  let missed = 0;
  while (!signal.aborted && missed < LOOKS_UNTIL_GONE) {
    const found = await findTunnels({ name, role, port });
    // Another one on the same port: ours is gone, and this one is not ours to close.
    if (found.length > 0 && !found.some((each) => each.pid === pid)) throw ended(name);
    missed = found.length > 0 ? 0 : missed + 1;
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  await closeOpened(call, tunnel);
  if (!signal.aborted) throw ended(name);
}

function ended(name: string): Problem {
  return new Problem('TUNNEL_CLOSED', `the tunnel to ${name} ended`, { next: `connect ${name} opens it again` });
}
