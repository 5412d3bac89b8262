import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const NEWLINE = 0x0a;

/** Reads what is added to a log, line by line. The log may lose its older half meanwhile, or be taken away and begin anew. */
export class LogTail {
  /** Where the first line begins that was not read. */
  private offset = 0;
  private inode?: number;
  private last?: string;
  /** Whether it began anew, and what was read before may be in it. */
  private isAnew = false;

  constructor(private readonly path: string) {}

  /** The lines since the last time, oldest first; undefined when there is no log. */
  next(): string[] | undefined {
    let file: number;
    try {
      file = openSync(this.path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch {
      return undefined;
    }
    try {
      const { size, ino } = fstatSync(file);
      if (size < this.offset || (this.inode !== undefined && ino !== this.inode)) {
        this.isAnew = true;
        this.offset = 0;
      }
      this.inode = ino;
      return this.afterLast(this.read(file, size));
    } finally {
      closeSync(file);
    }
  }

  private read(file: number, size: number): string[] {
    const piece = Buffer.alloc(size - this.offset);
    const length = readSync(file, piece, 0, piece.length, this.offset);
    const end = piece.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    this.offset += end;
    return piece.toString('utf8', 0, end).split('\n').filter((line) => line !== '');
  }

  /** Of a log that has lost its older half, what was read before is not read again. */
  private afterLast(lines: string[]): string[] {
    if (lines.length === 0) return lines;
    const added = this.isAnew && this.last !== undefined ? lines.slice(lines.lastIndexOf(this.last) + 1) : lines;
    this.isAnew = false;
    this.last = lines.at(-1);
    return added;
  }
}
