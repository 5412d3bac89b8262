import type { ProblemCode } from '../../problem';

/** What an explanation may say of the call that failed. */
export interface Failure {
  /** As IAM spells it: `ssm:GetParameter`. */
  readonly call: string;
  readonly profile: string;
  /** What AWS or the SDK said. */
  readonly said: string;
  /** Milliseconds by which our clock is ahead of AWS's; undefined where AWS did not say what time it is. */
  readonly ahead?: number;
}

/** What an error means to a person. It is that of an error that has one of the names, or says such a thing. */
export interface Explanation {
  /** Names and codes of errors, and statuses of answers. */
  readonly of?: readonly string[];
  readonly says?: RegExp;
  /** Whether the same call may well succeed in a while. */
  readonly passes?: true;
  /** @default - what the call says it means */
  readonly code?: ProblemCode;
  readonly message: (failure: Failure) => string;
  readonly next: (failure: Failure) => string;
}

export const whoAmI = (profile: string): string => `aws sts get-caller-identity --profile ${profile}`;
