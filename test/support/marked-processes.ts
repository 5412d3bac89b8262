import { readdir, readFile, readlink } from 'node:fs/promises';

/** Inherited by every process that a test starts, by whatever way. */
export const MARKER_VARIABLE = 'CONNECT_TEST_MARKER';

export interface MarkedProcess {
  readonly pid: number;
  readonly args: readonly string[];
}

/** All living processes that carry a marker in their environment. */
export async function markedProcesses(marker: string): Promise<MarkedProcess[]> {
  const wanted = `${MARKER_VARIABLE}=${marker}\0`;
  const found = await Promise.all((await pids()).map(async (pid) => {
    if (!(await textOf(`/proc/${pid}/environ`)).includes(wanted)) return undefined;
    return { pid, args: (await textOf(`/proc/${pid}/cmdline`)).split('\0').filter((arg) => arg !== '') };
  }));
  return found.filter((process) => process !== undefined);
}

/** Whether a process runs. A zombie, which nobody has buried yet, does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const [, state] = /^\d+ \(.*\) (\S)/s.exec(await textOf(`/proc/${pid}/stat`)) ?? [];
  return state !== undefined && state !== 'Z';
}

interface ListeningSocket { readonly port: number; readonly inode: string }

/** The ports of this machine that somebody listens on. */
export async function listeningPorts(): Promise<Set<number>> {
  return new Set((await listeningSockets()).map(({ port }) => port));
}

/** The ports that a process listens on. */
export async function listeningPortsOf({ pid }: MarkedProcess): Promise<number[]> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(files.map(async (file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  const ports = (await listeningSockets()).filter(({ inode }) => links.includes(`socket:[${inode}]`)).map(({ port }) => port);
  return [...new Set(ports)];
}

const LISTENING = '0A';

async function listeningSockets(): Promise<ListeningSocket[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(textOf));
  return tables.flatMap((table) => table.split('\n').slice(1)).flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING ? [{ port: parseInt(local!.split(':')[1]!, 16), inode: inode! }] : [];
  });
}

async function pids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** A process may end while one looks at it. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
