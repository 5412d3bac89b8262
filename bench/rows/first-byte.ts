import { median } from '../support/statistics';
import { firstByte } from '../support/traffic';
import type { TunnelRow } from './row';

export const firstByteRow: TunnelRow = {
  name: 'first-byte',
  about: 'a new connection until its first byte comes back',
  way: 'usual',
  roundTrips: [0, 20, 80],
  async measure({ measure, roundTrip, signal }, { port }) {
    const times: number[] = [];
    for (const end = performance.now() + measure / 2 + 10 * roundTrip; performance.now() < end;) times.push(await firstByte(port, signal));
    return { firstByte: median(times) };
  },
};
