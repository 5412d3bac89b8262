import { EXIT_CODES, Problem } from '../problem';
import type { Output } from './output';

/** A problem, or what else ended a command with an exit code of its own. */
export interface Failure {
  readonly code: string;
  readonly exit: number;
  readonly message: string;
  readonly next?: string;
}

/** A command after `--` that could not be run. Shells have exit codes for it. */
export class CommandFailure extends Error implements Failure {
  constructor(readonly code: 'COMMAND_NOT_FOUND' | 'COMMAND_NOT_EXECUTABLE', message: string, readonly next: string) {
    super(message);
  }

  get exit(): number {
    return this.code === 'COMMAND_NOT_FOUND' ? 127 : 126;
  }
}

/**
 * Says what happened, what was got, and what to type next.
 * @returns the exit code
 */
export function printError(error: unknown, output: Output): number {
  const { code, exit, message, next } = failureOf(error);
  if (output.modes.json && !output.isJsonLines) output.result('', { error: { code, exit, message, next } });
  else output.failure(errorLines({ message, next }));
  printStacks(error, output);
  return exit;
}

/** Where an error came from, for who asked for that. */
export function printStacks(error: unknown, output: Output): void {
  if (output.modes.verbose) output.failure(stacks(error));
}

/** What happened and what was got, and what to type next. */
export function errorLines({ message, next }: Pick<Failure, 'message' | 'next'>): string[] {
  return [`error: ${message}`, ...(next === undefined ? [] : [`next:  ${next}`])];
}

/** Any error, as what ends a command. */
export function failureOf(error: unknown): Failure {
  if (Problem.is(error) || error instanceof CommandFailure) return error;
  return {
    code: 'UNEXPECTED',
    exit: EXIT_CODES.UNEXPECTED,
    message: error instanceof Error ? error.message : String(error),
    next: 'run the command again with --verbose to see where it came from',
  };
}

/** The stack of an error and of its causes, with what AWS calls the request that failed. */
function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const requestId = (error as { $metadata?: { requestId?: string } }).$metadata?.requestId;
  return [error.stack ?? error.message, ...(requestId === undefined ? [] : [`AWS request id: ${requestId}`]), ...stacks(error.cause)];
}
