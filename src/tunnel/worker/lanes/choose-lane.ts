import type { Lane } from './lane';

/** What a connection is offered. */
export interface Choice {
  readonly lane: Lane;
  /** Whether a lane of its own would serve the connection better. */
  readonly isShared: boolean;
}

/**
 * The lane for a new connection: an empty one, else one where nothing is going on, with the fewest connections;
 * else the least bad one, which it would share with a busy connection, or wait behind a stuck one.
 */
export function chooseLane(lanes: readonly Lane[]): Choice | undefined {
  const [best] = lanes.map((lane) => ({ lane, rank: rankOf(lane) })).sort((one, other) => compare(one.rank, other.rank));
  if (!best) return undefined;
  const [isStuck, , isBusy] = best.rank;
  return { lane: best.lane, isShared: isStuck + isBusy > 0 };
}

/** Lower is better, the first difference decides. One that is cut off from the service may find that its session is over. */
function rankOf(lane: Lane): [stuck: number, cutOff: number, busy: number, connections: number] {
  return [lane.blockedFor > 0 ? 1 : 0, lane.carrier.trouble === undefined ? 0 : 1, lane.isBusy ? 1 : 0, lane.count];
}

function compare(one: readonly number[], other: readonly number[]): number {
  return one.map((value, at) => value - other[at]!).find((difference) => difference !== 0) ?? 0;
}
