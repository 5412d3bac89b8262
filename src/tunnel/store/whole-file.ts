import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole as readWholeFile, removeIfPossible, writeWhole as writeWholeFile } from '../../files';
import { identifyProcess } from '../process-identity';
import { fileProblem } from './file-problem';

const LARGEST = 256 * 1024;
const TEMPORARY = /\.tmp-(\d+)-[0-9a-f]+$/;

/** @throws Problem USAGE when it cannot be written: then it is as it was */
export function writeWhole(path: string, text: string): void {
  try {
    writeWholeFile(path, text);
  } catch (error) {
    throw fileProblem(path, 'written', error);
  }
}

/** Reads a small file. @throws Error when there is none, or it is a link, no file, or too large to be ours */
export function readWhole(path: string): string {
  return readWholeFile(path, LARGEST).toString('utf8');
}

/** Removes the temporary files of processes that were killed while they wrote. */
export function removeStaleTemporaries(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid !== undefined && identifyProcess(Number(pid)) === undefined) removeIfPossible(join(dir, name));
  }
}
