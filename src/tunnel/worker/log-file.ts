import { appendFileSync, closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Log } from '../../aws/context';
import { printable } from '../../text';

const LARGEST = 1024 * 1024;
const KEPT = LARGEST / 2;
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

type Level = keyof Log;

/** Opens a log file for one's own eyes only, following no link. */
export function openLogFile(path: string): number {
  return openSync(path, FLAGS, 0o600);
}

/** A log in a file that never grows beyond a MiB: the older half goes. A log that cannot be written is no reason to end a tunnel. */
export class LogFile implements Log {
  private ended = false;

  constructor(private readonly path: string) {}

  debug(message: string, details?: object): void {
    this.write('debug', message, details);
  }

  info(message: string, details?: object): void {
    this.write('info', message, details);
  }

  warn(message: string, details?: object): void {
    this.write('warn', message, details);
  }

  error(message: string, details?: object): void {
    this.write('error', message, details);
  }

  /** From here on nothing is written: the file may be gone, and must not come back. */
  end(): void {
    this.ended = true;
  }

  private write(level: Level, message: string, details?: object): void {
    if (this.ended) return;
    const text = details ? `${message} ${JSON.stringify(details)}` : message;
    try {
      const file = openLogFile(this.path);
      try {
        appendFileSync(file, `${new Date().toISOString()} ${level} ${printable(text, Infinity)}\n`);
        rotate(file);
      } finally {
        closeSync(file);
      }
    } catch {
      // Said above: the tunnel goes on.
    }
  }
}

/** Keeps the younger half, from a line's start. The file stays the same one, which the process may have as its standard output. */
function rotate(file: number): void {
  const { size } = fstatSync(file);
  if (size <= LARGEST) return;
  const tail = Buffer.alloc(KEPT);
  const length = readSync(file, tail, 0, KEPT, size - KEPT);
  const start = tail.indexOf(0x0a) + 1;
  ftruncateSync(file, 0);
  writeSync(file, tail, start, length - start);
}
