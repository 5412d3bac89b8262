import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What a process and all its children have taken so far, and hold. */
export interface Usage {
  /** Milliseconds of CPU time. */
  readonly cpu: number;
  /** MiB. */
  readonly rss: number;
  /** MiB, with what is shared counted in part; NaN where the system does not tell. */
  readonly pss: number;
}

const NOTHING: Usage = { cpu: 0, rss: 0, pss: 0 };
const UNKNOWN: Usage = { cpu: NaN, rss: NaN, pss: NaN };
const TICK_MS = 10;
const KIB_PER_MIB = 1024;
/** The fields of /proc/<pid>/stat behind the program's name: proc(5) counts them from 3. */
const [FIRST, USER_TIME, SYSTEM_TIME] = [3, 14, 15];

const PLATFORMS: Partial<Record<NodeJS.Platform, (pid: number) => Promise<Usage>>> = { linux: usageOnLinux, darwin: usageByPs };

/** NaN throughout where this system is not known. */
export async function usageOf(pid: number): Promise<Usage> {
  return PLATFORMS[process.platform]?.(pid) ?? UNKNOWN;
}

async function usageOnLinux(pid: number): Promise<Usage> {
  const [stat, status, rollup, threads] = await Promise.all([
    textOf(`/proc/${pid}/stat`), textOf(`/proc/${pid}/status`), textOf(`/proc/${pid}/smaps_rollup`), readdir(`/proc/${pid}/task`).catch(() => []),
  ]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  const children = await Promise.all(threads.map(async (thread) => textOf(`/proc/${pid}/task/${thread}/children`)));
  return sum([
    {
      cpu: (fields[USER_TIME - FIRST]! + fields[SYSTEM_TIME - FIRST]!) * TICK_MS,
      rss: kib(status, /^VmRSS:\s+(\d+)/m) / KIB_PER_MIB,
      pss: kib(rollup, /^Pss:\s+(\d+)/m) / KIB_PER_MIB,
    },
    ...await Promise.all(children.flatMap((list) => list.trim().split(' ')).filter((child) => child !== '').map(async (child) => usageOf(Number(child)))),
  ]);
}

async function usageByPs(pid: number): Promise<Usage> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=']);
  const processes = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/));
  const of = (id: string): Usage[] => processes.filter(([own]) => own === id).map(([, , rss, time]) => ({
    cpu: secondsOf(time!) * 1000, rss: Number(rss) / KIB_PER_MIB, pss: NaN,
  }));
  const below = (id: string): Usage[] => processes.filter(([, parent]) => parent === id).flatMap(([own]) => [...of(own!), ...below(own!)]);
  return sum([...of(String(pid)), ...below(String(pid))]);
}

function sum(usages: readonly Usage[]): Usage {
  return usages.reduce((all, one) => ({ cpu: all.cpu + one.cpu, rss: all.rss + one.rss, pss: all.pss + one.pss }), NOTHING);
}

/** `[[dd-]hh:]mm:ss.cc` */
function secondsOf(time: string): number {
  return time.split(/[-:]/).reverse().reduce((seconds, part, place) => seconds + Number(part) * [1, 60, 3600, 86_400][place]!, 0);
}

function kib(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? NaN);
}

/** A process may end while one looks at it; a file may be hidden from us. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
