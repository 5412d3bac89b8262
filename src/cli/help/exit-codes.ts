import { EXIT_CODES, type ProblemCode } from '../../problem';

/** What each exit code tells a script. Help, the man page and the pages of docs/ say it in these words. */
const MEANINGS: Readonly<Record<ProblemCode, string>> = {
  UNEXPECTED: 'unexpected',
  USAGE: 'usage: a bad flag, port or name',
  NOT_FOUND: 'target, bastion or cluster not found, or its descriptor not understood',
  PORT_TAKEN: 'local port taken by another program, or by a tunnel to something else',
  BASTION_DOWN: 'bastion did not come up',
  SESSION_FAILED: 'session could not be started or kept',
  DATABASE_SILENT: 'tunnel is up, but the database does not answer',
  CREDENTIALS: 'credentials missing, expired or not allowed',
  TUNNEL_CLOSED: 'the tunnel is closed',
  HUNG_UP: 'hung up',
  INTERRUPTED: 'interrupted',
  TERMINATED: 'terminated',
};

/** Whose it is where a command was run. */
export const AFTER_DASHES = 'After -- the exit code is that of the command: 126 where it cannot be run, 127 where it is not found';

/** Every exit code of ours with its meaning, the lowest first. */
export const EXIT_TABLE: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done'],
  ...Object.entries(EXIT_CODES).map(([code, exit]) => [exit, MEANINGS[code as ProblemCode]] as const),
];
