import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Role } from '../../descriptor';
import { LOOPBACK } from '../tunnel';
import { isPortInUse } from './is-port-in-use';

const MAX_PORT = 65535;
/** So far we look upwards: who has as many ports taken in a row is better served by any. */
const REACH = 200;

const DISTANCES: Readonly<Record<Role, number>> = { writer: 10_000, reader: 20_000 };

/** Where a tunnel to an engine's port starts unless told otherwise. May be above 65535, which `findFreePort` understands. */
export function defaultPortFor(enginePort: number, role: Role): number {
  return enginePort + DISTANCES[role];
}

/** The first free port from a port on; any free one when there is none near, or when asked from 0. */
export async function findFreePort(from: number): Promise<number> {
  if (from > 0) {
    for (let port = from; port <= Math.min(from + REACH, MAX_PORT); port++) {
      if (!await isPortInUse(port)) return port;
    }
  }
  for (;;) {
    const port = await anyPort();
    if (!await isPortInUse(port)) return port;
  }
}

async function anyPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, LOOPBACK), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
