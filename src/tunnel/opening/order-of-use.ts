import type { AwsContext } from '../../aws/context';
import { openStore } from '../store';
import type { TunnelRequest } from '../tunnel';
import { keyOfRequest } from './identity';

export interface PossibleOpening {
  readonly request: TunnelRequest;
  readonly context: AwsContext;
}

/** The same things, that which was opened or reused last on top; those that never were stay as they are, below. Makes no call. */
export async function inOrderOfUse<Thing>(things: readonly Thing[], openingOf: (thing: Thing) => PossibleOpening): Promise<Thing[]> {
  const used = (await openStore()).keysInOrderOfUse();
  const { resolveRegion } = await import('../../aws/hot-path');
  const ranked = await Promise.all(things.map(async (thing) => {
    const { request, context } = openingOf(thing);
    const region = await resolveRegion(context).catch(() => '');
    return { thing, rank: used.indexOf(keyOfRequest(request, region)) };
  }));
  return ranked.sort((one, other) => other.rank - one.rank).map(({ thing }) => thing);
}
