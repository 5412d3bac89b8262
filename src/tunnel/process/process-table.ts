import { execFileSync } from 'node:child_process';

/** What one operating system says of its processes. */
export interface ProcessTable {
  /** undefined when there is no such process, or only its zombie */
  startedAt(pid: number): string | undefined;
  bootId(): string;
  pidNamespace(): string;
  programName(pid: number): string | undefined;
}

/** What a program of the operating system prints; undefined when it cannot be run or fails. */
export function ask(program: string, ...args: string[]): string | undefined {
  try {
    // Dates are compared as texts, so they must not change with the user's time zone or language.
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' };
    return execFileSync(program, args, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'], env, windowsHide: true }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** What does not change while we live is asked for once. */
export function once<T>(question: () => T): () => T {
  let answer: T | undefined;
  return () => answer ??= question();
}
