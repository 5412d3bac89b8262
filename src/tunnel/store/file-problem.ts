import { Problem } from '../../problem';

export const ELSEWHERE = 'choose another folder: export CONNECT_TUNNELS_DIR=/path/to/a/folder/of/yours';
const FREE_SPACE = `free some space, or ${ELSEWHERE}`;

/** What a file system says when it does not do what was asked of it, in words, and what to do about it. */
const REFUSALS: Readonly<Record<string, readonly [why: string, next: string]>> = {
  ENOSPC: ['the disk is full', FREE_SPACE],
  EDQUOT: ['your share of the disk is used up', FREE_SPACE],
  EFBIG: ['it would be larger than this process may write', `see \`ulimit -f\`, or ${ELSEWHERE}`],
  EROFS: ['the disk is read-only', ELSEWHERE],
  EACCES: ['this user may not', ELSEWHERE],
  EPERM: ['this user may not', ELSEWHERE],
  EIO: ['the disk does not work', ELSEWHERE],
  ENAMETOOLONG: ['its path is too long', ELSEWHERE],
  ENOTDIR: ['there is a file in the place of one of its folders', ELSEWHERE],
  ENOENT: ['its folder is not there', ELSEWHERE],
  EEXIST: ['there is something else in its place', ELSEWHERE],
  EISDIR: ['there is a folder in its place', `see who put it there, or ${ELSEWHERE}`],
  ELOOP: ['there is a link in its place', `see who put it there, or ${ELSEWHERE}`],
};

/** What is said when a file or a folder of ours cannot be had as we want it. What no file system has said stays what it is. */
export function fileProblem(path: string, cannotBe: 'made' | 'written' | 'removed', error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const [why, next] = REFUSALS[code] ?? [undefined, ELSEWHERE];
  return new Problem('USAGE', `${path} cannot be ${cannotBe}${why ? `: ${why}` : ''} (${code})`, { next, cause: error });
}
