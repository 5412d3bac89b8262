import type { Socket } from 'node:net';
import { socketName } from '../ports/proc-net';

/** The name of the socket at the other end of a local connection, which sees the two ends the other way round; undefined when it is gone already. */
export function peerName({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | undefined {
  if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) return undefined;
  return socketName({ address: remoteAddress, port: remotePort }, { address: localAddress, port: localPort });
}
