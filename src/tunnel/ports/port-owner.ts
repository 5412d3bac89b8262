import { readdirSync, readlinkSync } from 'node:fs';
import { ask } from '../process/process-table';
import { programName } from '../process-identity';
import { listeningInode } from './proc-net';

/** Who listens on a port. The rest is unknown where the process is another user's. */
export interface PortOwner {
  readonly pid?: number;
  /** The program's name, never its arguments. */
  readonly program?: string;
}

/** Who listens on a port where loopback would reach it; undefined when nobody does, or nobody knows. */
export function getPortOwner(port: number): PortOwner | undefined {
  return (OWNERS[process.platform] ?? ownerByLsof)(port);
}

const OWNERS: Partial<Record<NodeJS.Platform, (port: number) => PortOwner | undefined>> = { linux: ownerByProc, win32: ownerByPowershell };

function ownerByLsof(port: number): PortOwner | undefined {
  return ownerOf(/^p(\d+)$/m.exec(ask('lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp') ?? '')?.[1]);
}

function ownerByPowershell(port: number): PortOwner | undefined {
  return ownerOf(ask('powershell.exe', '-NoProfile', '-NonInteractive', '-Command',
    `(Get-NetTCPConnection -LocalPort ${port} -State Listen | Select-Object -First 1).OwningProcess`));
}

function ownerOf(pid: string | undefined): PortOwner | undefined {
  return pid === undefined ? undefined : { pid: Number(pid), program: programName(Number(pid)) };
}

function ownerByProc(port: number): PortOwner | undefined {
  const inode = listeningInode(port);
  if (inode === undefined) return undefined;
  const link = `socket:[${inode}]`;
  const pid = entriesOf('/proc').filter((name) => /^\d+$/.test(name)).find((name) => holds(`/proc/${name}/fd`, link));
  return ownerOf(pid) ?? {};
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function holds(folder: string, link: string): boolean {
  return entriesOf(folder).some((name) => {
    try {
      return readlinkSync(`${folder}/${name}`) === link;
    } catch {
      return false;
    }
  });
}
