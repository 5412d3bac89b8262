import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess } from '../process-identity';
import { fileProblem } from './file-problem';

// Windows has neither: there a tunnels folder in the user's home is closed to others by itself.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const LARGEST = 256 * 1024;
const TEMPORARY = /\.tmp-(\d+)-[0-9a-f]+$/;

/**
 * Writes a file for one's own eyes, so that whoever reads it sees all of it or what was there before.
 * @throws Problem USAGE when it cannot be written: then it is as it was
 */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const file = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeIfPossible(temporary);
    throw fileProblem(path, 'written', error);
  }
}

/** Reads a small file. @throws Error when there is none, or it is a link, no file, or too large to be ours */
export function readWhole(path: string): string {
  // A pipe in the place of a file must not keep us waiting.
  const file = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > LARGEST) throw new Error('it is not a small file');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Removes the temporary files of processes that were killed while they wrote. */
export function removeStaleTemporaries(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid !== undefined && identifyProcess(Number(pid)) === undefined) removeIfPossible(join(dir, name));
  }
}

/** What stays behind harms nobody, and does not keep anybody from looking at what there is. */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Said above.
  }
}
