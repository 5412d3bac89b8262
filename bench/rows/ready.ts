import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../support/usage';
import type { TunnelRow } from './row';

export const readyRow: TunnelRow = {
  name: 'ready',
  about: 'from the start of `connect` until the database has answered, and what the worker then holds',
  way: 'usual',
  roundTrips: [0, 20, 80],
  async measure({ warm, signal }, { pid, readyAfter }) {
    await sleep(warm, undefined, { signal });
    const { rss, pss } = await usageOf(pid);
    return { 'ready': readyAfter, 'rss.ready': rss, 'pss.ready': pss };
  },
};
