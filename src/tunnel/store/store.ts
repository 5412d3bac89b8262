import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isOurs, remove, removeIfPossible } from '../../files';
import { identifyProcess, isElsewhere, isProcessAlive, type ProcessIdentity, programName } from '../process-identity';
import { fileProblem } from './file-problem';
import { secureFolder, tunnelsFolder } from './folder';
import { readKeysInOrderOfUse, readLastPort, writeLastPort } from './last-ports';
import { parseMeta, serializeMeta, type TunnelMeta } from './meta';
import { isPid } from './shape';
import { readWhole, removeStaleTemporaries, writeWhole } from './whole-file';

export interface TunnelPaths {
  /** The worker's pid, digits only. */
  readonly pid: string;
  readonly meta: string;
  /** The worker's control channel: a socket, or a named pipe on Windows. */
  readonly sock: string;
  readonly log: string;
}

export interface TunnelRecord {
  readonly hash: string;
  readonly meta: TunnelMeta;
  readonly pid: number;
  /** Whether the very worker that wrote the files lives. */
  readonly alive: boolean;
  /** Whether it was written in another container of this machine: its processes cannot be seen from here, only its control channel can say. */
  readonly elsewhere: boolean;
}

/** Files that say nothing of a tunnel, or not enough. */
export interface UnreadableFile {
  readonly path: string;
  readonly why: string;
  /** Whether they were taken away; those of a worker that may live are left to it. */
  readonly removed: boolean;
}

const HASH = /^[0-9a-f]{16}$/;
/** What a worker is called; where its title is not its name, it is Node's. */
const WORKER_PROGRAMS = ['connect-worker', 'node'];
const FILE = /^([0-9a-f]{16})\.(meta|pid)$/;
const ORPHAN = /^([0-9a-f]{16})\.(log|sock)$/;
/** Milliseconds: a worker that starts has its log before the rest. */
const ORPHANED_AFTER = 60_000;

/** Opens the folder of tunnels. @param dir the folder; CONNECT_TUNNELS_DIR or ~/.declastruct/tunnels unless given @throws Problem USAGE when it is not safe */
export async function openStore(dir?: string): Promise<Store> {
  const folder = tunnelsFolder(dir);
  secureFolder(folder);
  removeStaleTemporaries(folder);
  return new Store(folder);
}

/** The files of all tunnels of this user. */
export class Store {
  constructor(readonly dir: string) {}

  pathsOf(hash: string): TunnelPaths {
    if (!HASH.test(hash)) throw new Error(`not a tunnel hash: ${hash}`);
    const path = (extension: string) => join(this.dir, `${hash}.${extension}`);
    return { pid: path('pid'), meta: path('meta'), sock: process.platform === 'win32' ? this.pipeOf(hash) : path('sock'), log: path('log') };
  }

  /** Of a worker that does not know its tunnel yet: a name as that of a tunnel's log, so that it is swept away like one. */
  newLogPath(): string {
    return this.pathsOf(randomBytes(8).toString('hex')).log;
  }

  /** All tunnels whose files can be read, also those whose worker is dead. */
  list(): TunnelRecord[] {
    return this.hashes().flatMap((hash) => {
      const { meta } = this.readMeta(hash);
      return meta ? [{ hash, meta, pid: meta.worker.pid, alive: isProcessAlive(meta.worker), elsewhere: isElsewhere(meta.worker) }] : [];
    });
  }

  /**
   * Takes away the files that tell of no tunnel, unless their worker may live and mend them. Where only the pid file is damaged the tunnel
   * is still known, and is cleaned away with all that it left.
   * @returns all that were found, and why
   */
  sweep(): UnreadableFile[] {
    this.removeOrphans();
    return this.hashes().flatMap((hash) => {
      const { pid: pidPath, meta: metaPath } = this.pathsOf(hash);
      const [meta, pid] = [this.readMeta(hash), this.readPid(hash)];
      const why = meta.why ?? pid.why ?? (pid.pid === meta.meta!.worker.pid ? undefined : 'it names another process than the worker');
      if (why === undefined) return [];
      const mayLive = meta.meta ? isProcessAlive(meta.meta.worker) : pid.pid !== undefined && mayBeWorker(pid.pid);
      const path = meta.why === undefined ? pidPath : metaPath;
      const removed = !meta.meta && !mayLive && this.isOurs(path);
      if (removed) this.remove(hash);
      return [{ path, why, removed }];
    });
  }

  /**
   * Writes the files that name a worker. The one that says most comes first: who finds a pid finds what it is for.
   * @throws Problem USAGE when one cannot be written: then it is as it was
   */
  write(hash: string, pid: number, meta: TunnelMeta): void {
    const paths = this.pathsOf(hash);
    writeWhole(paths.meta, serializeMeta(meta));
    writeWhole(paths.pid, String(pid));
  }

  /** Whether the files still say just this. */
  names(hash: string, pid: number, meta: TunnelMeta): boolean {
    const paths = this.pathsOf(hash);
    try {
      return readWhole(paths.pid) === String(pid) && readWhole(paths.meta) === serializeMeta(meta);
    } catch {
      return false;
    }
  }

  /** Whether the files name a worker, whatever else they say: it may be what was so a while ago. */
  identifies(hash: string, worker: ProcessIdentity): boolean {
    return this.readPid(hash).pid === worker.pid && isDeepStrictEqual(this.readMeta(hash).meta?.worker, worker);
  }

  /** Takes away all files of a tunnel, the one that names its worker last. @throws Problem USAGE when one cannot be removed */
  remove(hash: string): void {
    const { meta } = this.pathsOf(hash);
    const paths = readdirSync(this.dir).filter((name) => name.startsWith(`${hash}.`)).map((name) => join(this.dir, name));
    for (const path of [...paths.filter((each) => each !== meta), meta]) {
      try {
        remove(path);
      } catch (error) {
        throw fileProblem(path, 'removed', error);
      }
    }
  }

  /** The port last used for what the key names. */
  lastPort(key: string): number | undefined {
    return readLastPort(this.dir, key);
  }

  /** The keys of all ports that are remembered, that of the last used at the end. */
  keysInOrderOfUse(): string[] {
    return readKeysInOrderOfUse(this.dir);
  }

  async rememberPort(key: string, port: number): Promise<void> {
    await writeLastPort(this.dir, key, port);
  }

  /** A log or a socket that is of no tunnel: its worker was killed before it could say what it was for. */
  private removeOrphans(): void {
    const known = this.hashes();
    for (const name of readdirSync(this.dir)) {
      const hash = ORPHAN.exec(name)?.[1];
      if (hash === undefined || known.includes(hash)) continue;
      const path = join(this.dir, name);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs > ORPHANED_AFTER) removeIfPossible(path);
    }
  }

  private hashes(): string[] {
    return [...new Set(readdirSync(this.dir).flatMap((name) => FILE.exec(name)?.[1] ?? []))];
  }

  private readMeta(hash: string): { meta?: TunnelMeta; why?: string } {
    try {
      return { meta: parseMeta(readWhole(this.pathsOf(hash).meta)) };
    } catch (error) {
      return { why: (error as Error).message };
    }
  }

  private readPid(hash: string): { pid?: number; why?: string } {
    try {
      const text = readWhole(this.pathsOf(hash).pid);
      const pid = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
      return isPid(pid) ? { pid } : { why: text === '' ? 'it is empty' : 'it holds something else than a pid' };
    } catch (error) {
      return { why: (error as Error).message };
    }
  }

  private isOurs(path: string): boolean {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat === undefined || isOurs(stat);
  }

  private pipeOf(hash: string): string {
    return `\\\\.\\pipe\\connect-${createHash('sha256').update(this.dir).digest('hex').slice(0, 16)}-${hash}`;
  }
}

/** Without its meta a pid is only a number: whether it is a worker's, its program's name has to say. */
function mayBeWorker(pid: number): boolean {
  const program = identifyProcess(pid) && programName(pid);
  return program !== undefined && WORKER_PROGRAMS.some((name) => program.startsWith(name));
}
