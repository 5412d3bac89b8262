import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isFolder } from '../../files';
import { Problem } from '../../problem';
import { ELSEWHERE, fileProblem } from './file-problem';

/** Of the path of a Unix socket, which is what the kernel of macOS can hold; Linux holds a few more. */
export const LONGEST_SOCKET_PATH = 103;
const SOCKET_NAME_LENGTH = '/0123456789abcdef.sock'.length;
const OPEN_TO_OTHERS = 0o077;

/** Where tunnels are kept: the folder given, CONNECT_TUNNELS_DIR, or ~/.declastruct/tunnels. */
export function tunnelsFolder(dir: string = process.env.CONNECT_TUNNELS_DIR || join(home(), '.declastruct', 'tunnels')): string {
  return resolve(dir);
}

/** An empty HOME would be the working directory, wherever that is. */
function home(): string {
  return homedir() || userInfo().homedir;
}

/**
 * Makes the folder where there is none, and sees to it that nobody else can change what it holds.
 * @throws Problem USAGE, with what to type
 */
export function secureFolder(dir: string): void {
  try {
    makeFolder(dir);
  } catch (cause) {
    throw fileProblem(`the tunnels folder ${dir}`, 'made', cause);
  }
  const stat = lstatSync(dir);
  if (stat.isSymbolicLink()) throw refusal(dir, 'is a link', `replace it with a real folder: rm ${quote(dir)} && mkdir -m 700 ${quote(dir)}`);
  if (process.platform === 'win32') return;
  if (stat.uid !== process.getuid!()) throw refusal(dir, `belongs to another user (uid ${stat.uid})`, `sudo chown -R ${userInfo().username} ${quote(dir)}`);
  if (stat.mode & OPEN_TO_OTHERS) throw refusal(dir, `is open to others (mode ${(stat.mode & 0o777).toString(8)})`, `chmod 700 ${quote(dir)}`);
  if (dir.length + SOCKET_NAME_LENGTH > LONGEST_SOCKET_PATH) {
    throw refusal(dir, `has too long a path for the sockets in it (${dir.length} characters, at most ${LONGEST_SOCKET_PATH - SOCKET_NAME_LENGTH})`, ELSEWHERE);
  }
}

/** Step by step, since Node's own way says of a disk that is read-only that a folder is not there. */
function makeFolder(dir: string): void {
  const parent = dirname(dir);
  if (isFolder(dir)) return;
  if (parent !== dir) makeFolder(parent);
  try {
    mkdirSync(dir, 0o700);
  } catch (error) {
    // Another `connect` may have been faster.
    if (!isFolder(dir)) throw error;
  }
}

function refusal(dir: string, what: string, next: string): Problem {
  return new Problem('USAGE', `the tunnels folder ${dir} ${what}`, { next });
}

function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
