import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..', '..');
export const BIN = join(ROOT, 'bin', 'connect');

export interface Finished {
  /** The exit code; 128 + n where signal n ended it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout holds, parsed. */
  readonly json: any;
}

export interface Starting {
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** The working directory. @default - this process's */
  readonly cwd?: string;
  /** The launcher to run. @default - that of this checkout */
  readonly bin?: string;
  /** Whether it leads a session of its own, as a shell in a terminal does. */
  readonly isGroup?: boolean;
}

/** The built command as a process, while it runs. */
export class Running {
  stdout = '';
  stderr = '';
  readonly finished: Promise<Finished>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(args: readonly string[], { environment, stdin, cwd, bin = BIN, isGroup = false }: Starting) {
    this.child = spawn(bin, args, { env: environment, cwd, stdio: 'pipe', detached: isGroup });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => { this.stdout += text; });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => { this.stderr += text; });
    this.child.stdin.on('error', () => undefined);
    if (stdin !== undefined) this.child.stdin.end(stdin);
    this.finished = this.finish();
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Lets a process go on that waits for a line. */
  writeLine(): void {
    this.child.stdin.end('\n');
  }

  /** Closes the reading end of its stdout, as `head` does. */
  stopReading(): void {
    this.child.stdout.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Until it has said something on stderr. @throws Error when it ends without */
  async says(text: string | RegExp): Promise<void> {
    const hasSaid = (): boolean => (typeof text === 'string' ? this.stderr.includes(text) : text.test(this.stderr));
    while (!hasSaid()) {
      const ended = await Promise.race([once(this.child.stderr, 'data').then(() => false), this.finished.then(() => true)]);
      if (ended && !hasSaid()) throw new Error(`it ended without saying ${String(text)}: ${this.stderr}`);
    }
  }

  private async finish(): Promise<Finished> {
    const [code, signal] = await once(this.child, 'close') as [number | null, NodeJS.Signals | null];
    const { stdout, stderr } = this;
    return { exit: code ?? 128 + constants.signals[signal!], stdout, stderr, get json() { return JSON.parse(stdout); } };
  }
}
