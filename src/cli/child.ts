import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { CommandFailure } from './errors';
import type { Environment } from './host';

/** What a terminal sends to every program in it, so to the child as well. */
const SENT_BY_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];

/**
 * Runs a command in our place: it has our terminal, and gets our signals.
 * @returns its exit code, or 128 + n where signal n ended it
 * @throws CommandFailure when it cannot be run
 */
export async function runChild([program, ...args]: readonly string[], environment: Environment): Promise<number> {
  const passOn = (signal: NodeJS.Signals): void => {
    if (!(hasTerminal() && SENT_BY_TERMINAL.includes(signal))) child.kill(signal);
  };
  // Before there is a child: a signal that came right after it started would end us and leave it.
  for (const signal of FORWARDED) process.on(signal, passOn);
  const child = spawn(program!, args, { stdio: 'inherit', env: environment as NodeJS.ProcessEnv });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) => reject(explain(program!, error, environment)));
      child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
    });
  } finally {
    for (const signal of FORWARDED) process.removeListener(signal, passOn);
  }
}

/** Any of the three will do: `connect x -- psql < file` is ended from the terminal as well. */
function hasTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}

/** The system says that access is denied also of a program that is nowhere, where a folder of PATH may not be looked into. */
function exists(program: string, { PATH = '' }: Environment): boolean {
  return program.includes(sep) ? existsSync(program) : PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function explain(program: string, error: NodeJS.ErrnoException, environment: Environment): Error {
  if (error.code === 'ENOENT' || !exists(program, environment)) {
    return new CommandFailure('COMMAND_NOT_FOUND', `command not found: ${program}`, 'install it, or write the path to it; the tunnel stays open');
  }
  return new CommandFailure('COMMAND_NOT_EXECUTABLE', `cannot run ${program}: ${error.message}`, `make it executable: chmod +x ${program}; the tunnel stays open`);
}
