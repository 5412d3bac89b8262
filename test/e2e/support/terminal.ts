import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../../support/eventually';
import { testWith } from '../../support/optional-tools';

/** `test` where util-linux's `script` gives a terminal. */
export const withTerminal = process.platform === 'linux' ? testWith('script') : test.skip as typeof test;

/** A shell command in a terminal of its own, at which somebody types. */
export class Terminal {
  /** All that was drawn. */
  screen = '';
  readonly ended: Promise<void>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(command: string, { environment, cwd }: { environment: Readonly<Record<string, string>>; cwd?: string }) {
    const { CI: _, NO_COLOR: __, ...env } = { ...environment, TERM: 'xterm', SHELL: '/bin/sh' } as Record<string, string>;
    this.child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { env, cwd, stdio: 'pipe' });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => { this.screen += text; });
    this.child.stdin.on('error', () => undefined);
    this.ended = once(this.child, 'close').then(() => undefined);
  }

  type(keys: string): void {
    this.child.stdin.write(keys);
  }

  async shows(text: string): Promise<void> {
    await eventually(() => this.screen, (screen) => screen.includes(text), 15);
  }
}
