import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Problem } from '../../problem';

const LOOPBACKS = ['127.0.0.1', '::1'] as const;

/** What binding says where the machine has no such address: nobody can be using it. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/**
 * Whether somebody listens on a port where loopback would reach it: on 127.0.0.1, on ::1, or on all addresses.
 * @throws Problem USAGE when this user may not listen on the port
 */
export async function isPortInUse(port: number): Promise<boolean> {
  for (const host of LOOPBACKS) {
    if (!await canListen(host, port)) return true;
  }
  // Elsewhere than on Linux one can listen on loopback beside somebody who listens on all addresses.
  return process.platform !== 'linux' && (await Promise.all(LOOPBACKS.map((host) => canConnect(host, port)))).includes(true);
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen({ host, port, exclusive: true }), 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (NO_SUCH_ADDRESS.includes(code)) return true;
    if (code === 'EADDRINUSE') return false;
    throw new Problem('USAGE', `port ${port} cannot be listened on (${code})`, { next: 'choose one above 1023, for example --port 15432', cause: error });
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function canConnect(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(500) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
