import type { TunnelRequest } from '../../tunnel/tunnel';
import { runChild } from '../child';
import type { Call } from '../command';
import { environmentThrough } from '../endpoint';
import { closeOpened, openOrLeaveNothing } from '../opening';
import { interruptible } from '../signals';

/** `connect <target> -- command`: the command has the endpoint in its environment, and its exit code is ours. */
export async function runThrough(call: Call, request: TunnelRequest, command: readonly string[]): Promise<number> {
  const tunnel = await interruptible((signal) => openOrLeaveNothing(call, request, signal));
  call.output.end();
  try {
    return await runChild(command, environmentThrough(tunnel, call.environment));
  } finally {
    if (call.flags.foreground) await closeOpened(call, tunnel);
  }
}
