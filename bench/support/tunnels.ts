import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Running } from '../../test/e2e/support/connect';

/** An open tunnel. */
export interface Tunnel {
  /** What it was opened with. */
  readonly flags: readonly string[];
  readonly port: number;
  /** Of its worker. */
  readonly pid: number;
  /** Milliseconds from the start of `connect` to its end, which is when the database has answered. */
  readonly readyAfter: number;
}

export interface TunnelsOptions {
  /** The launcher of the built package. */
  readonly bin: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly interrupted: AbortSignal;
}

/** Opens and closes tunnels by typing commands, as a person would. */
export class Tunnels {
  private help = '';

  constructor(private readonly options: TunnelsOptions) {}

  /** Runs it once, so that what follows finds the disk and the compile cache warm. */
  async warmUp(): Promise<void> {
    this.help = await this.type(['open', '--help']);
    await this.open([]);
    await this.closeAll();
  }

  /** Whether this build has a flag. */
  has(flag: string): boolean {
    return this.help.includes(`${flag} `);
  }

  async open(flags: readonly string[]): Promise<Tunnel> {
    const at = performance.now();
    const { port, pid } = JSON.parse(await this.type(['ahbodedb', '--port', '0', '--json', ...flags]));
    return { flags, port, pid, readyAfter: performance.now() - at };
  }

  /** Milliseconds that a command takes. @throws Error when it fails */
  async time(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
    return this.timeNode([this.options.bin, ...args], environment);
  }

  /** Milliseconds that Node takes. @param args nothing to do, unless given */
  async timeNode(args: readonly string[] = ['--eval', '0'], environment: Readonly<Record<string, string>> = {}): Promise<number> {
    const { interrupted: signal, environment: usual } = this.options;
    const at = performance.now();
    const [exit] = await once(spawn(process.execPath, args, { env: { ...usual, ...environment }, stdio: 'ignore', signal }), 'exit');
    if (exit !== 0) throw new Error(`${args.join(' ')} ended with exit code ${exit}`);
    return performance.now() - at;
  }

  async closeAll(): Promise<void> {
    await this.type(['close', '--all']);
  }

  /** What is left to do after an interruption. */
  async abandon(): Promise<void> {
    await this.run(['close', '--all']).finished;
  }

  /** @throws Error when the command fails */
  private async type(args: readonly string[]): Promise<string> {
    const { interrupted } = this.options;
    interrupted.throwIfAborted();
    const running = this.run(args);
    const stop = (): void => running.kill('SIGTERM');
    interrupted.addEventListener('abort', stop);
    const { exit, stdout, stderr } = await running.finished;
    interrupted.removeEventListener('abort', stop);
    interrupted.throwIfAborted();
    if (exit !== 0) throw new Error(`connect ${args.join(' ')} ended with exit code ${exit}: ${stdout}${stderr}`);
    return stdout;
  }

  private run(args: readonly string[]): Running {
    const { bin, environment } = this.options;
    // A group of its own: an interrupt of the terminal is for the bench, which still has to close what is open.
    return new Running(args, { bin, environment, stdin: '', isGroup: true });
  }
}
