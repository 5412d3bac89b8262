import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { table } from '../src/cli/output';

/** Tells what happens, step by step, and types commands. */
export class Narrator {
  private steps = 0;

  constructor(private readonly interrupted: AbortSignal) {}

  step(title: string): void {
    this.interrupted.throwIfAborted();
    this.steps += 1;
    console.log(`\n${this.steps}. ${title}`);
  }

  say(text: string): void {
    console.log(`   ${text}`);
  }

  /** Shows a command as one would type it. */
  show(command: string): void {
    console.log(`\n$ ${command}`);
  }

  rows(rows: readonly Record<string, unknown>[]): void {
    console.log(`\n${table([Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map(String))])}\n(${rows.length} rows)`);
  }

  /** Types a command, and shows what it says. @throws Error when it fails */
  async type(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
    this.interrupted.throwIfAborted();
    this.show(command.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`)).join(' '));
    const [program, ...args] = command;
    const child = spawn(program!, args, { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
    const stop = (): void => void child.kill('SIGTERM');
    this.interrupted.addEventListener('abort', stop);
    const [code] = await once(child, 'exit');
    this.interrupted.removeEventListener('abort', stop);
    this.interrupted.throwIfAborted();
    if (code !== 0) throw new Error(`${command.join(' ')} ended with exit code ${code}`);
  }
}
