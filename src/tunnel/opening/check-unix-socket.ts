import { Problem } from '../../problem';
import { askWorker } from '../control/client';
import type { Store, TunnelRecord } from '../store';
import type { TunnelRequest } from '../tunnel';
import { checkSocketPath, socketPathFor } from '../unix-sockets';
import { keyOfRequest, keyOfTarget } from './identity';

/**
 * Whether a Unix socket can be had, before anything is asked of AWS. One that a tunnel to the same target listens on is had already.
 * @throws Problem USAGE, or PORT_TAKEN
 */
export async function checkUnixSocket(request: TunnelRequest, region: string, store: Store): Promise<void> {
  const { unixSocket } = request;
  if (unixSocket === undefined) return;
  const record = store.list().find(({ meta, alive }) => alive && meta.unixSockets?.includes(unixSocket));
  if (!record) return checkSocketPath(unixSocket);
  if (keyOfTarget(record.meta) !== keyOfRequest(request, region)) throw takenBy(record, unixSocket);
}

/** Has the worker of an open tunnel listen on a socket too. @throws Problem USAGE when it cannot */
export async function addUnixSocket(unixSocket: string, { hash, meta }: TunnelRecord, store: Store): Promise<void> {
  const socket = socketPathFor(unixSocket, meta.port);
  if (await askWorker(store.pathsOf(hash).sock, { op: 'listen', socket })) return;
  throw new Problem('USAGE', `the tunnel that is open on port ${meta.port} could not listen on ${socket} too`, {
    next: `\`connect logs ${meta.name}\` says why; \`connect close ${meta.name} --port ${meta.port}\` and opening it anew may help`,
  });
}

function takenBy({ meta }: TunnelRecord, socket: string): Problem {
  return new Problem('PORT_TAKEN', `the socket ${socket} is taken by the tunnel to ${meta.name} (${meta.role}, ${meta.account} ${meta.region})`, {
    next: `connect close ${meta.name} --port ${meta.port}, or choose another path`,
  });
}
