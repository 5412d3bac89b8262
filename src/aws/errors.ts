import { Problem, type ProblemCode } from '../problem';
import type { AwsContext } from './context';
import { clockAhead, explanationOf, type Failure } from './explanations';
import { PassingTrouble } from './passing-trouble';
import { profileName } from './region';

export interface FailingCall {
  /** As IAM spells it: `ssm:GetParameter`. */
  readonly call: string;
  /** What a failure means that says nothing by itself. */
  readonly otherwise?: ProblemCode;
  /** What a failure means to this call in particular, by the name that the SDK gives it. */
  readonly problems?: Readonly<Record<string, (cause: Error) => Problem>>;
}

/** What failed at AWS, as a problem that a person can act on. AWS's own error, with its request id, is the cause. */
export function explainAwsError(error: unknown, { call, otherwise, problems = {} }: FailingCall, context: AwsContext): Problem {
  if (Problem.is(error)) return error;
  if (error instanceof Error && Object.hasOwn(problems, error.name)) return problems[error.name]!(error);
  const cause = isTelltale(error) ? withoutWords(error) : error;
  const failure: Failure = { call, profile: profileName(context.aws.profile), said: textOf(cause), ahead: clockAhead(error) };
  const { code, passes, message, next } = explanationOf(error, failure);
  const details = { next: next(failure), cause };
  if (passes) return new PassingTrouble(otherwise ?? 'SESSION_FAILED', message(failure), details);
  return new Problem(code ?? otherwise ?? 'UNEXPECTED', message(failure), details);
}

/**
 * AWS explains a wrong signature by the request that it should have been made for, the session token among its headers; Node quotes a program
 * that failed with its arguments and all that it wrote.
 */
function isTelltale(error: unknown): error is Error {
  return error instanceof Error && /signature|x-amz-security-token|command failed/i.test(`${error.name} ${error.message}`);
}

function withoutWords(error: Error): Error {
  const { name, code, $metadata } = error as Error & { code?: string; $metadata?: { requestId?: string } };
  return Object.assign(new Error(), { name, code, $metadata: { requestId: $metadata?.requestId } });
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.message.trim().replace(/\.$/, '');
  return said === '' || said === error.name || said === 'UnknownError' ? error.name : `${error.name}: ${said}`;
}
