import { lstatSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { isFolder, isOurs, remove } from '../files';
import { Problem } from '../problem';
import { reasonOf } from '../text';
import { LONGEST_SOCKET_PATH } from './store/folder';

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const NEXT = 'choose another path, in a folder of your own: --unix-socket /path/to/it';

/** Where a tunnel listens that was asked for a socket: in a folder by the name that PostgreSQL's clients look for. */
export function socketPathFor(unixSocket: string, port: number): string {
  return isFolder(unixSocket) ? join(unixSocket, `.s.PGSQL.${port}`) : unixSocket;
}

/**
 * Whether a socket can be made there, as far as one can know before.
 * @throws Problem USAGE, or PORT_TAKEN where somebody listens there
 */
export async function checkSocketPath(unixSocket: string): Promise<void> {
  if (process.platform === 'win32') throw refusal('Windows has no Unix sockets that programs look for', 'connect by the port');
  // The longest port that a name in a folder can end with.
  const path = socketPathFor(unixSocket, 65535);
  const bytes = Buffer.byteLength(path);
  if (bytes > LONGEST_SOCKET_PATH) throw refusal(`the path of the socket ${path} is too long (${bytes} bytes, at most ${LONGEST_SOCKET_PATH})`);
  checkFolder(dirname(path));
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || isFolder(unixSocket)) return;
  if (!found.isSocket()) throw refusal(`${path} exists, and is no socket`);
  if (!isOurs(found)) throw refusal(`the socket ${path} belongs to another user (uid ${found.uid})`);
  if (await isListenedOn(path)) throw new Problem('PORT_TAKEN', `the socket ${path} is taken by another program`, { next: NEXT });
}

/** Takes away a socket of this user's on which nobody listens any more; whatever else is there stays. */
export async function removeDeadSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSocket() && isOurs(found) && !await isListenedOn(path)) remove(path);
}

export function socketProblem(path: string, cause: unknown): Problem {
  return new Problem('USAGE', `the socket ${path} cannot be made: ${reasonOf(cause)}`, { next: NEXT, cause });
}

function checkFolder(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) throw refusal(`the folder ${folder}, where the socket is to be, is not there`, `mkdir -m 700 ${folder}`);
  if (stat.mode & WRITABLE_BY_OTHERS && !(stat.mode & STICKY)) {
    throw refusal(`the folder ${folder}, where the socket is to be, can be changed by others (mode ${(stat.mode & 0o777).toString(8)})`, `chmod go-w ${folder}`);
  }
}

async function isListenedOn(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
    });
  } finally {
    socket.destroy();
  }
}

function refusal(message: string, next = NEXT): Problem {
  return new Problem('USAGE', message, { next });
}
