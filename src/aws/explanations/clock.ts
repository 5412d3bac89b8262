import type { Explanation } from './explanation';

/** AWS takes a signature for five minutes before and after its time. */
const TOLERANCE = 4 * 60_000;
const MINUTE = 60_000;
const SET_THE_CLOCK: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync, as an administrator',
};

/** What AWS says of a signature that is of another time. Some of it is also said of expired credentials, which the clock tells apart. */
const BY_NAME: readonly string[] = [
  'RequestTimeTooSkewed', 'RequestInTheFuture', 'RequestExpired', 'AuthFailure', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'AccessDeniedException',
];
const BY_WORD = /^RequestTimeTooSkewed|^RequestInTheFuture|\bSignature (?:expired|not yet current)\b/i;

/** The answer's `Date` header tells how late it is at AWS. @returns milliseconds by which our clock is ahead */
export function clockAhead(error: unknown): number | undefined {
  const { $response } = error as { $response?: { headers?: Record<string, string> } };
  const theirs = Date.parse($response?.headers?.date ?? '');
  return Number.isNaN(theirs) ? undefined : Date.now() - theirs;
}

export function isOfAnotherTime(error: unknown, ahead: number | undefined): boolean {
  const { name = '', message = '' } = error as { name?: string; message?: string };
  return BY_WORD.test(`${name} ${message}`) || BY_WORD.test(message) || (BY_NAME.includes(name) && Math.abs(ahead ?? 0) > TOLERANCE);
}

export const WRONG_CLOCK: Explanation = {
  message: ({ call, ahead }) => `${call} was refused: ${howFarOff(ahead)}`,
  next: () => `set it, and type the same again: ${SET_THE_CLOCK[process.platform] ?? 'sudo timedatectl set-ntp true'}`,
};

function howFarOff(ahead: number | undefined): string {
  if (ahead === undefined || Math.abs(ahead) < TOLERANCE) return 'AWS takes it for one of another time: the clock of this machine seems to be wrong';
  const minutes = Math.round(Math.abs(ahead) / MINUTE);
  return `the clock of this machine is ${minutes} min ${ahead > 0 ? 'ahead of' : 'behind'} that of AWS`;
}
