import { isOfAnotherTime, WRONG_CLOCK } from './clock';
import type { Explanation, Failure } from './explanation';
import { NETWORK } from './network';
import { faultOf } from './profile-faults';
import { AWS_TROUBLE, REFUSALS } from './refusals';
import { NO_CREDENTIALS, SIGN_IN } from './sign-in';

export { clockAhead } from './clock';
export type { Explanation, Failure } from './explanation';

/** The first that fits is taken. */
const EXPLANATIONS: readonly Explanation[] = [...NETWORK, ...SIGN_IN, ...REFUSALS];

const OTHERWISE: Explanation = {
  message: ({ call, said }) => `${call} failed (${said})`,
  next: () => 'type the same again with --verbose to see all that AWS said',
};

/** What an error means to a person. */
export function explanationOf(error: unknown, failure: Failure): Explanation {
  const names = namesOf(error, failure);
  if (isOfAnotherTime(error, failure.ahead)) return WRONG_CLOCK;
  const found = EXPLANATIONS.find((explanation) => fits(explanation, names, failure));
  if (found) return found;
  const isUnsigned = names.some((name) => NO_CREDENTIALS.of!.includes(name));
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  // The SDK stumbles over some files: what it then throws is of no use to anybody.
  const fault = isUnsigned || error instanceof TypeError ? faultOf(failure.profile) : undefined;
  if (fault) return { code: 'CREDENTIALS', message: ({ call }) => `${call} could not be signed: ${fault.what}`, next: () => fault.next };
  if (isUnsigned) return NO_CREDENTIALS;
  return ($metadata?.httpStatusCode ?? 0) >= 500 ? AWS_TROUBLE : OTHERWISE;
}

/** What to type when the network, or what stands in it, keeps us from AWS; undefined for all other errors. */
export function networkAdvice(error: unknown): string | undefined {
  const failure: Failure = { call: '', profile: '', said: error instanceof Error ? error.message : '' };
  return NETWORK.find((explanation) => fits(explanation, namesOf(error, failure), failure))?.next(failure);
}

function fits({ of = [], says }: Explanation, names: readonly string[], { said }: Failure): boolean {
  return of.some((name) => names.includes(name)) || Boolean(says?.test(said));
}

/** Those who get credentials hand on what went wrong as a text. */
function namesOf(error: unknown, { said }: Failure): readonly string[] {
  const { name = '', code = '', $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  return [name, code, String($metadata?.httpStatusCode), ...(NO_CREDENTIALS.of!.includes(name) ? said.match(/\b(?:E[A-Z_]{4,}|[A-Z]\w+(?:Error|Exception))\b/g) ?? [] : [])];
}
