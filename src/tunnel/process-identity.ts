import { darwin } from './process/darwin';
import { linux } from './process/linux';
import type { ProcessTable } from './process/process-table';
import { windows } from './process/windows';

/** What tells a process from any other that has, had or will have the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the operating system's own words; only good for comparing. */
  readonly startedAt: string;
  readonly bootId: string;
  readonly pidNamespace: string;
}

const TABLES: Partial<Record<NodeJS.Platform, ProcessTable>> = { darwin, linux, win32: windows };

function processTable(): ProcessTable {
  const table = TABLES[process.platform];
  if (table === undefined) throw new Error(`processes of ${process.platform} cannot be told apart`);
  return table;
}

/** Who has a pid now; undefined when nobody has. A zombie is nobody. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const table = processTable();
  const startedAt = table.startedAt(pid);
  return startedAt === undefined ? undefined : { pid, startedAt, bootId: table.bootId(), pidNamespace: table.pidNamespace() };
}

/** Whether that very process lives, and not another one that was given its pid. */
export function isProcessAlive(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now !== undefined && now.startedAt === identity.startedAt && now.bootId === identity.bootId && now.pidNamespace === identity.pidNamespace;
}

/** Whether it was seen from another container of this machine. A process of another boot is over, of another machine or of this one. */
export function isElsewhere({ bootId, pidNamespace }: ProcessIdentity): boolean {
  const table = processTable();
  return bootId === table.bootId() && pidNamespace !== table.pidNamespace();
}

/** The name of a process's program, never its arguments: they may hold secrets. */
export function programName(pid: number): string | undefined {
  return processTable().programName(pid);
}
