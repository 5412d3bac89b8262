import { AwsError } from '../aws-error';

/** What SSM says of a member that breaks a constraint of its model. */
export function invalid(member: string, value: unknown, constraint: string): AwsError {
  const shown = value === undefined ? 'null' : `'${String(value)}'`;
  return new AwsError('ValidationException',
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: Member must ${constraint}`);
}

export function required<Value>(member: string, value: Value | undefined): Value {
  if (value === undefined) throw invalid(member, value, 'not be null');
  return value;
}

/** A page's size, within its bounds. */
export function pageSize(given: number | undefined, fallback: number, [least, most]: readonly [number, number]): number {
  const size = given ?? fallback;
  if (size < least) throw invalid('maxResults', size, `have value greater than or equal to ${least}`);
  if (size > most) throw invalid('maxResults', size, `have value less than or equal to ${most}`);
  return size;
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token isn\'t valid.');
}
