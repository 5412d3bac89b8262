import { appendFileSync, closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import type { Log } from '../../aws/context';
import { counted, printable } from '../../text';
import { fileProblem } from '../store/file-problem';

const LARGEST = 1024 * 1024;
const KEPT = LARGEST / 2;
/** Milliseconds. */
const REPEATS_WITHIN = 60_000;
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

type Level = keyof Log;

/** Opens a log file for one's own eyes only, following no link. @throws Problem USAGE when it cannot be had */
export function openLogFile(path: string): number {
  try {
    return openSync(path, FLAGS, 0o600);
  } catch (error) {
    throw fileProblem(`the log file ${path}`, 'written', error);
  }
}

/** Gives a log another name. One that cannot be renamed is left as it is: what is opened by the new name begins a new one. */
export function renameLogFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // Said above.
  }
}

/** A log in a file that never grows beyond a MiB: the older half goes. A log that cannot be written is no reason to end a tunnel. */
export class LogFile implements Log {
  private ended = false;
  private last = { text: '', at: -Infinity, repeats: 0 };

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
    const text = `${level} ${printable(details ? `${message} ${JSON.stringify(details)}` : message, Infinity)}`;
    if (this.repeatsLast(text)) return;
    const { repeats } = this.last;
    this.last = { text, at: performance.now(), repeats: 0 };
    try {
      const file = openLogFile(this.path);
      try {
        if (repeats > 0) append(file, lineOf(`debug the line before came ${counted(repeats, 'more time')}`));
        append(file, lineOf(text));
        rotate(file);
      } finally {
        closeSync(file);
      }
    } catch {
      // Said above: the tunnel goes on.
    }
  }

  /** What is said again and again, as when a target refuses every connection, must not drive out all else. */
  private repeatsLast(text: string): boolean {
    if (text !== this.last.text || performance.now() - this.last.at > REPEATS_WITHIN) return false;
    this.last.repeats++;
    return true;
  }
}

function lineOf(text: string): string {
  return `${new Date().toISOString()} ${text}\n`;
}

/** Adds a line, or nothing of it: what a full disk still takes of one would spoil the next. */
function append(file: number, line: string): void {
  const { size } = fstatSync(file);
  try {
    appendFileSync(file, line);
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
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
