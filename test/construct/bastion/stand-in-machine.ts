import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { eventually } from '../../support/eventually';

export const SCRIPT = join(__dirname, '..', '..', '..', 'resources', 'idle-stop.sh');

/** Where a command of this machine is. */
export function whereIs(command: string): string {
  const path = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command)).find(existsSync);
  if (!path) throw new Error(`${command} is not installed`);
  return path;
}

export interface Run {
  /** What would be in the journal. */
  readonly journal: string[];
  /** How often it asked systemd to power off. */
  readonly powerOffs: number;
  readonly exit: number | null;
}

export interface RunOptions {
  readonly minutes?: string;
  /** Instead of the one that it was made with. */
  readonly proc?: string;
  /** Instead of a folder that has all that the script needs. */
  readonly path?: string;
}

/**
 * A view of this machine in which the script finds only what a test wants it to: links to the real /proc/<pid> of processes that really
 * run, an uptime, and no command but the two that it needs.
 */
export class StandInMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'idle-stop-'));
  readonly proc = join(this.folder, 'proc');
  readonly commands = join(this.folder, 'commands');
  readonly run = join(this.folder, 'run');
  readonly memory = join(this.run, 'last-session');
  private readonly processes = new Set<ChildProcess>();
  private readonly calls = join(this.folder, 'calls');
  private runs = 0;

  constructor(private readonly shell: readonly string[]) {
    for (const folder of [this.proc, this.commands, this.run]) mkdirSync(folder);
    this.uptime = 60;
    symlinkSync(whereIs('readlink'), join(this.commands, 'readlink'));
    this.command('systemctl', `echo "$*" >> "${this.calls}"`);
  }

  set uptime(seconds: number) {
    writeFileSync(join(this.proc, 'uptime'), `${seconds}.99 1234567.89\n`);
  }

  /** A command of the machine, as a script. */
  command(name: string, script: string): void {
    rmSync(join(this.commands, name), { force: true });
    writeFileSync(join(this.commands, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** The path of a program that waits for minutes, in a folder like those of the SSM agent. */
  install(name: string, folder = 'agent'): string {
    const path = join(this.folder, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(whereIs('sleep'), path);
    chmodSync(path, 0o755);
    return path;
  }

  /** Starts a program, and shows its process to the script. */
  start(path: string, args: readonly string[] = ['300'], argv0 = 'sleep'): ChildProcess {
    const process = spawn(path, args, { argv0, stdio: ['pipe', 'pipe', 'ignore'] });
    this.processes.add(process);
    this.show(process.pid!);
    return process;
  }

  show(pid: number): void {
    symlinkSync(`/proc/${pid}`, join(this.proc, `${pid}`));
  }

  /** A process of which no more can be read than its name and state. */
  showNameOnly(pid: number): void {
    mkdirSync(join(this.proc, `${pid}`));
    writeFileSync(join(this.proc, `${pid}`, 'stat'), readFileSync(`/proc/${pid}/stat`));
  }

  /** A process of which nothing can be read for now: who tries waits. @returns waits until somebody tries, and gives what ends that */
  showBusy(pid: string): () => Promise<() => void> {
    mkdirSync(join(this.proc, pid));
    const pipe = join(this.proc, pid, 'stat');
    execFileSync('mkfifo', [pipe]);
    return async () => {
      const file = await eventually(() => openWithReader(pipe), (opened) => opened !== undefined, 20);
      return () => closeSync(file!);
    };
  }

  hide(pid: number | string): void {
    rmSync(join(this.proc, `${pid}`), { recursive: true, force: true });
  }

  /** The agent as it is installed: its worker starts the sessions. */
  startAgent(): ChildProcess {
    this.install('ssm-session-worker');
    this.start(this.install('amazon-ssm-agent'));
    return this.start(this.install('ssm-agent-worker'));
  }

  openSession(): ChildProcess {
    const path = join(this.folder, 'agent', 'ssm-session-worker');
    return this.start(existsSync(path) ? path : this.install('ssm-session-worker'));
  }

  /** Ends a process: it is gone from /proc when this is done. */
  async end(process: ChildProcess): Promise<void> {
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
    this.hide(process.pid!);
    this.processes.delete(process);
  }

  /** Runs the script once, as the timer does. */
  async look(options: RunOptions = {}): Promise<Run> {
    const { minutes = '30', proc = this.proc, path = this.commands } = options;
    const [program, ...args] = this.shell;
    const journal = join(this.folder, `journal-${this.runs++}`);
    const file = openSync(journal, 'w');
    const child = spawn(program, [...args, SCRIPT, minutes, proc], { env: { PATH: path, RUNTIME_DIRECTORY: this.run }, stdio: ['ignore', file, file] });
    closeSync(file);
    this.processes.add(child);
    const [exit] = await once(child, 'exit') as [number];
    this.processes.delete(child);
    const calls = linesOf(this.calls);
    expect(calls.filter((call) => call !== 'poweroff')).toEqual([]);
    return { journal: linesOf(journal), powerOffs: calls.length, exit };
  }

  async remove(): Promise<void> {
    const running = [...this.processes].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(running.map(async (process) => this.end(process)));
    rmSync(this.folder, { recursive: true });
  }
}

/** Nothing while nobody reads from the pipe. */
function openWithReader(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
