import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from '../support/commands';
import { RawClient } from '../support/raw-client';
import { rate } from '../support/traffic';
import type { BareRow } from './row';

export const intakeRow: BareRow = {
  name: 'intake',
  about: 'what the fixture takes from a writer that does nothing but send',
  roundTrips: [0, 20, 80],
  packetsPerSecond: 0,
  async measure({ fixture, target, warm, measure, signal }) {
    const client = new RawClient(await fixture.ask('openSession'));
    try {
      await client.open(COMMANDS.SINK);
      client.flood();
      await sleep(warm, undefined, { signal });
      const from = await target.ask('received');
      await sleep(measure, undefined, { signal });
      return { intake: rate(from, await target.ask('received')) };
    } finally {
      client.close();
      await fixture.ask('endSessions');
    }
  },
};
