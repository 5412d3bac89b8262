import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

const PATIENCE_SECONDS = 40;

export interface Typed {
  /** stdout and stderr, as they come together on a terminal. */
  readonly output: string;
  readonly exit: number;
}

/** A shell in which one command is typed after another, as a reader would. */
export class Shell {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly marker = `--${process.pid}-${Math.random().toString(36).slice(2)}--`;
  private said = '';
  private last = 0;

  constructor(environment: Readonly<Record<string, string>>, folder: string) {
    this.child = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, env: environment, stdio: 'pipe' });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => { this.said += text; });
    this.child.stdin.on('error', () => undefined);
    this.child.stdin.write('exec 2>&1\n');
  }

  /** @throws Error when the command does not end in time, or ends the shell */
  async type(command: string): Promise<Typed> {
    const end = new RegExp(`^([^]*)\n${this.marker} (\\d+)\n$`);
    this.said = '';
    this.child.stdin.write(`(exit ${this.last})\n{ ${command}\n} < /dev/null\nprintf '\\n${this.marker} %s\\n' "$?"\n`);
    const timeout = AbortSignal.timeout(PATIENCE_SECONDS * 1000);
    for (;;) {
      const [, output, exit] = end.exec(this.said) ?? [];
      if (exit !== undefined) return { output: output!, exit: this.last = Number(exit) };
      await once(this.child.stdout, 'data', { signal: timeout }).catch(() => {
        throw new Error(`\`${command}\` did not end within ${PATIENCE_SECONDS} s; it said: ${this.said}`);
      });
    }
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await ended;
  }
}
