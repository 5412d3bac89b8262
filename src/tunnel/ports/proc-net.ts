import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { printedAddress } from './printed-address';

/** Linux's tables of TCP sockets; a kernel without IPv6 has only the first. A look at them disturbs nobody. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
/** What the first table leaves out of its addresses. */
const IPV4_PREFIX = printedAddress('0.0.0.0').slice(0, -8);
const IPV4_LENGTH = 8;
/** The addresses that loopback reaches. */
const REACHED = ['127.0.0.1', '0.0.0.0', '::1', '::'].map(printedAddress);
const LISTENING = '0A';
/** More than the kernel gives at once. */
const PIECE = 64 * 1024;
const LINE_LENGTH = 150;
/** How many lines are asked for one by one. */
const SINGLE_LINES = 64;

/** One socket, as a table shows it. */
export interface SocketEntry {
  /** Address and port, as printed. */
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly uid: number;
  /** '0' for a socket that no process holds any more. */
  readonly inode: string;
}

/** The socket that listens on a port where loopback would reach it, by its inode. */
export function listeningInode(port: number): string | undefined {
  const places = REACHED.map((address) => placeOf(address, port));
  for (const table of TABLES) {
    for (const line of linesOf(table)) {
      const entry = entryOf(line);
      if (entry?.state === LISTENING && places.includes(entry.local)) return entry.inode;
    }
  }
  return undefined;
}

/** The name of a socket by its two ends: no other has it. */
export function socketName(local: { address: string; port: number }, remote: { address: string; port: number }): string {
  return [local, remote].map(({ address, port }) => placeOf(printedAddress(address), port)).join(' ');
}

/**
 * The sockets of some names, each by its name; those that are not there are left out. Reads no further than it has to: with 10,000 sockets a table
 * has a megabyte and a half.
 * @throws the error of the first table where it cannot be read
 */
export async function findSockets(names: Iterable<string>): Promise<Map<string, SocketEntry>> {
  const found = new Map<string, SocketEntry>();
  const missing = new Set(names);
  for (const table of TABLES) {
    for await (const entry of search(table, missing)) found.set(`${entry.local} ${entry.remote}`, entry);
  }
  return found;
}

/** Takes from the names what it finds. */
async function* search(table: typeof TABLES[number], names: Set<string>): AsyncGenerator<SocketEntry> {
  if (names.size === 0) return;
  const file = await open(table).catch((error: NodeJS.ErrnoException) => {
    if (table === TABLES[0] || error.code !== 'ENOENT') throw error;
  });
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    for (let rest = ''; file && names.size > 0;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE);
      if (bytesRead === 0) return;
      const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (names.delete(nameIn(line))) yield entryOf(line)!;
    }
  } finally {
    await file?.close();
  }
}

/** The same as `entryOf` would give, for a tenth of its price. */
function nameIn(line: string): string {
  const [local = '', remote = ''] = line.slice(line.indexOf(': ') + 2).split(' ', 2);
  return `${completed(local)} ${completed(remote)}`;
}

function entryOf(line: string): SocketEntry | undefined {
  const [, local, remote, state, , , , uid, , inode] = line.trim().split(/\s+/);
  return inode === undefined ? undefined : { local: completed(local!), remote: completed(remote!), state: state!, uid: Number(uid), inode };
}

function completed(place: string): string {
  return place.indexOf(':') === IPV4_LENGTH ? IPV4_PREFIX + place : place;
}

function placeOf(printed: string, port: number): string {
  return `${printed}:${port.toString(16).padStart(4, '0').toUpperCase()}`;
}

/**
 * One by one at first: the kernel shows the sockets that listen before all others, and makes no more lines than are asked for. To go through the others
 * takes it milliseconds, even where there are none.
 */
function* linesOf(table: string): Generator<string> {
  let file: number | undefined;
  try {
    file = openSync(table, 'r');
    const buffer = Buffer.allocUnsafe(PIECE);
    let rest = '';
    for (let reads = 0; ; reads++) {
      const size = readSync(file, buffer, 0, reads < SINGLE_LINES ? LINE_LENGTH : PIECE, null);
      if (size === 0) return;
      const lines = (rest + buffer.toString('latin1', 0, size)).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  } catch {
    // A table that cannot be read shows nothing.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
