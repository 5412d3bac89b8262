import { secondHalf, slope } from './slope';
import type { Sample, SoakReport } from './soak';

const MIB = 1024 * 1024;
/** After a collection: what the worker may have more in the end than in the beginning, once it has seen everything once. */
const MOST_HEAP_GROWTH = 12 * MIB;
/** For each 1,000 connections, of the heap and of RSS. */
const MOST_SLOPE = 1 * MIB;
/** Fewer connections make no slope. What the kernel counts goes up and down with what is being carried, by some tens of MiB. */
const [LEAST_FOR_HEAP, LEAST_FOR_RSS] = [5_000, 20_000];
/** Handles that come and go: a session's socket, a control connection, a look at the log. */
const MOST_HANDLES = 2;

export interface Growth {
  /** Bytes for each 1,000 connections, over the second half. */
  readonly heapSlope: number;
  /** The same of RSS, between the peaks of the third and the fourth quarter: after a calm it is low for a while. */
  readonly rssSlope: number;
  readonly heap: number;
  readonly handles: number;
}

export function growthOf(samples: readonly Sample[]): Growth {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const half = secondHalf(samples);
  const quarters = [half.slice(0, half.length / 2), secondHalf(half)].filter(({ length }) => length > 0);
  // A session that is open is a socket.
  const handles = (last.handles - last.sessions) - (first.handles - first.sessions);
  return {
    heapSlope: slope(half.map(({ made, heap }) => [made / 1000, heap])),
    rssSlope: slope(quarters.map((quarter) => [quarter.at(-1)!.made / 1000, Math.max(...quarter.map(({ rss }) => rss))])),
    heap: last.heap - first.heap,
    handles,
  };
}

/** Everything for which a soak has failed. */
export function failuresOf({ wrong, samples, connections }: SoakReport): string[] {
  const { heapSlope, rssSlope, heap, handles } = growthOf(samples);
  return [
    ...wrong,
    ...(heap > MOST_HEAP_GROWTH ? [`the heap grew by ${(heap / MIB).toFixed(1)} MiB`] : []),
    ...(connections >= LEAST_FOR_HEAP && heapSlope > MOST_SLOPE ? [`the heap grew by ${(heapSlope / MIB).toFixed(2)} MiB for each 1,000 connections`] : []),
    ...(connections >= LEAST_FOR_RSS && rssSlope > MOST_SLOPE ? [`RSS grew by ${(rssSlope / MIB).toFixed(2)} MiB for each 1,000 connections`] : []),
    ...(handles > MOST_HANDLES ? [`${handles} file handles more than at the start`] : []),
  ];
}
