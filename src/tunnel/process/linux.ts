import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { once, type ProcessTable } from './process-table';

/** The fields of /proc/<pid>/stat behind the program's name, which may hold spaces and parentheses: proc(5) counts them from 3. */
const [STATE, START_TIME] = [3, 22];
const DEAD_STATES = ['Z', 'X', 'x'];

/** Clock ticks from boot to a process's start; undefined for a zombie. */
export function parseStartTime(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return DEAD_STATES.includes(fields[0]!) ? undefined : fields[START_TIME - STATE];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Only for processes of one's own. */
function fileNameOf(pid: number): string | undefined {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined;
  }
}

export const linux: ProcessTable = {
  startedAt(pid) {
    const stat = read(`/proc/${pid}/stat`);
    return stat === undefined ? undefined : parseStartTime(stat);
  },
  bootId: once(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  pidNamespace: once(() => readlinkSync('/proc/self/ns/pid')),
  programName(pid) {
    const name = read(`/proc/${pid}/comm`);
    // It is the name of the first thread, which Node calls just that from 24 on.
    return name?.endsWith('MainThread') ? fileNameOf(pid) ?? name : name;
  },
};
