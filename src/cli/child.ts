import { type ChildProcess, spawn } from 'node:child_process';
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
 * @param install how to get it, for who has not
 * @returns its exit code, or 128 + n where signal n ended it
 * @throws CommandFailure when it cannot be run
 */
export async function runChild([program, ...args]: readonly string[], environment: Environment, install?: string): Promise<number> {
  const passOn = (signal: NodeJS.Signals): void => {
    if (!(hasTerminal() && SENT_BY_TERMINAL.includes(signal))) child?.kill(signal);
  };
  // Before there is a child: a signal that came right after it started would end us and leave it.
  for (const signal of FORWARDED) process.on(signal, passOn);
  let child: ChildProcess | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      child = spawn(program!, args, { stdio: 'inherit', env: environment as NodeJS.ProcessEnv });
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
    });
  } catch (error) {
    throw explain(program!, error as NodeJS.ErrnoException, environment, install);
  } finally {
    for (const signal of FORWARDED) process.removeListener(signal, passOn);
  }
}

/** Of what a program was to be given, and what to do. Never in Node's words, which quote it: it may be a password. */
const REFUSALS: Readonly<Record<string, readonly [why: string, next: string]>> = {
  E2BIG: ['its arguments and environment are too long', 'give it what is long in a file, or on its stdin'],
  ERR_INVALID_ARG_VALUE: ['its arguments or environment hold a NUL', 'see what user and database are in the descriptor and the project file'],
};

/** Any of the three will do: `connect x -- psql < file` is ended from the terminal as well. */
function hasTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}

/** The system says that access is denied also of a program that is nowhere, where a folder of PATH may not be looked into. */
function exists(program: string, { PATH = '' }: Environment): boolean {
  return program.includes(sep) ? existsSync(program) : PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function explain(program: string, error: NodeJS.ErrnoException, environment: Environment, install = 'install it, or write the path to it'): Error {
  if (error.code === 'ENOENT' || !exists(program, environment)) {
    return new CommandFailure('COMMAND_NOT_FOUND', `command not found: ${program}`, `${install}; the tunnel stays open`);
  }
  const [why, next] = REFUSALS[error.code ?? ''] ?? [error.message, `make it executable: chmod +x ${program}`];
  return new CommandFailure('COMMAND_NOT_EXECUTABLE', `cannot run ${program}: ${why}`, `${next}; the tunnel stays open`);
}
