import { once } from 'node:events';
import { connect } from 'node:net';
import { timeLimit } from '../../time-limit';
import { listeningInode } from './proc-net';

const LOOPBACKS = ['127.0.0.1', '::1'] as const;
const CONNECT_TIMEOUT = 500;

/**
 * Whether somebody listens on a port where loopback would reach it: on 127.0.0.1, on ::1, or on all addresses.
 * It does not try to listen there: for that moment the port would be taken for whoever means it, and twenty at once would trip each other.
 */
export async function isPortInUse(port: number): Promise<boolean> {
  if (process.platform === 'linux') return listeningInode(port) !== undefined;
  return (await Promise.all(LOOPBACKS.map((host) => canConnect(host, port)))).includes(true);
}

async function canConnect(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: timeLimit(CONNECT_TIMEOUT) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
