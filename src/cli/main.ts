import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import type { Program } from '../launch/program';
import { EXIT_CODES } from '../problem';
import { run } from './run';

/** The one place that sets the exit code. */
export async function main(program: Program): Promise<void> {
  // A process that ends before it is known has failed.
  process.exitCode = EXIT_CODES.UNEXPECTED;
  process.once('exit', () => program.saveCode());
  const exit = await run(process.argv.slice(2), {
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    // Asked so, since to touch the stream changes a pipe that a child is to have.
    stdin: { isTTY: isatty(0) },
    loadTunnels: async () => import('../tunnel/index.js'),
    help: () => readIfThere(join(__dirname, 'help.txt')),
    loadPicker: async () => import('./picker'),
  });
  process.exitCode = exit;
  // Where the terminal is gone Node 20 cannot put it back as it was, and aborts. A signal of our own ends us without that, with the same code to a shell.
  if (exit === EXIT_CODES.HUNG_UP && process.platform !== 'win32') process.kill(process.pid, 'SIGHUP');
  // What was given up, such as a request that nobody answers, would keep us for as long as it takes.
  process.exit();
}

/** The bundler writes it; in between it is not there. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
