import { basename } from 'node:path';
import { ask, once, type ProcessTable } from './process-table';

/** What `ps -o stat=,lstart=` prints: the state, then the date of the start. */
export function parseStateAndStart(line: string): string | undefined {
  const [, state, start] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
  return state === undefined || state.startsWith('Z') ? undefined : start;
}

export const darwin: ProcessTable = {
  startedAt(pid) {
    const line = ask('/bin/ps', '-o', 'stat=,lstart=', '-p', String(pid));
    return line === undefined ? undefined : parseStateAndStart(line);
  },
  bootId: once(() => ask('/usr/sbin/sysctl', '-n', 'kern.bootsessionuuid') ?? 'unknown'),
  pidNamespace: () => 'host',
  programName(pid) {
    const path = ask('/bin/ps', '-o', 'comm=', '-p', String(pid));
    return path === undefined ? undefined : basename(path);
  },
};
