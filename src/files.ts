import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, renameSync, rmSync, type Stats, statSync, unlinkSync, writeFileSync } from 'node:fs';

// Windows has neither: there a folder in the user's home is closed to others by itself.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/** Writes a file for one's own eyes, so that whoever reads it sees all of it or what was there before. @throws Error, and then it is as it was */
export function writeWhole(path: string, data: string | readonly Uint8Array[]): void {
  const temporary = `${path}.tmp-${process.pid}-${Math.random().toString(16).slice(2, 10)}`;
  try {
    const file = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW, 0o600);
    try {
      if (typeof data === 'string') writeFileSync(file, data);
      else for (const part of data) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
}

/** @param largest bytes @throws Error when there is no such file, or it is a link, no file, or too large to be ours */
export function readWhole(path: string, largest: number): Buffer {
  // A pipe in the place of a file must not keep us waiting.
  const file = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > largest) throw new Error(`it is not a file of at most ${largest} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Takes away a file, or a folder in its place; that there is none is fine. Node's own rmSync keeps the reason to itself from 24 on. @throws Error with its code */
export function remove(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    rmSync(path, { recursive: true, force: true });
    return;
  }
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** What stays behind harms nobody, and does not keep anybody from looking at what there is. */
export function removeIfPossible(path: string): void {
  try {
    remove(path);
  } catch {
    // Said above.
  }
}

/** Windows does not say whose a file is. */
export function isOurs({ uid }: Stats): boolean {
  return process.platform === 'win32' || uid === process.getuid!();
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
