import type { Server } from 'node:net';
import { checkSocketPath, removeDeadSocket, socketProblem } from '../unix-sockets';

/**
 * Has a server listen on a Unix socket that from its first moment is for this user only.
 * @throws Problem when there is something else in its place, or it cannot be made
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  await checkSocketPath(path);
  await removeDeadSocket(path);
  // A mode that is set afterwards would leave a moment in between.
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(socketProblem(path, error)));
      server.listen(path, resolve);
    });
  } finally {
    process.umask(umask);
  }
}
