import type { AwsError } from '../aws-error';

export interface Page<Item> {
  readonly items: Item[];
  /** Opaque to clients; undefined on the last page. */
  readonly next?: string;
}

/**
 * One page of a list.
 * @param token what the last page gave as `next`
 * @throws what `invalid` makes, for a token that no page gave
 */
export function page<Item>(all: readonly Item[], size: number, token: string | undefined, invalid: () => AwsError): Page<Item> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0 || (token !== undefined && start >= all.length)) throw invalid();
  const end = start + size;
  return { items: all.slice(start, end), next: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined };
}
