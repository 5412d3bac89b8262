import { setTimeout as sleep } from 'node:timers/promises';
import { ROUND_TRIPS } from '../figures';
import { COMMANDS } from '../support/commands';
import { RawClient } from '../support/raw-client';
import { median } from '../support/statistics';
import { BREATH_MS } from '../support/traffic';
import type { BareRow } from './row';

const QUESTIONS = 30;

export const floorRow: BareRow = {
  name: 'floor',
  about: '64 bytes there and back without a tunnel: what network, agent and target take',
  roundTrips: ROUND_TRIPS,
  packetsPerSecond: 1000,
  async measure({ fixture, signal }) {
    const client = new RawClient(await fixture.ask('openSession'));
    try {
      await client.open(COMMANDS.ECHO);
      const times: number[] = [];
      while (times.length < QUESTIONS) {
        times.push(await client.ask());
        await sleep(BREATH_MS, undefined, { signal });
      }
      return { floor: median(times) };
    } finally {
      client.close();
      await fixture.ask('endSessions');
    }
  },
};
