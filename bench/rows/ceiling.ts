import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from '../support/commands';
import { RawClient } from '../support/raw-client';
import { type Load, rate } from '../support/traffic';
import type { BareRow, Scene } from './row';

/** Clients that do nothing but acknowledge, each in a session of its own. */
export async function readers({ fixture }: Scene, sessions: number): Promise<Load> {
  const tickets = await Promise.all(Array.from({ length: sessions }, async () => fixture.ask('openSession')));
  const clients = tickets.map((ticket) => new RawClient(ticket));
  await Promise.all(clients.map(async (client) => client.open(COMMANDS.SOURCE)));
  return {
    count: async () => ({ bytes: clients.reduce((sum, { received }) => sum + received, 0), at: performance.now() }),
    async stop() {
      for (const client of clients) client.close();
      await fixture.ask('endSessions');
    },
  };
}

/** What so many of them get, in MiB a second. */
async function ceiling(scene: Scene, sessions: number): Promise<number> {
  const { warm, measure, signal } = scene;
  const load = await readers(scene, sessions);
  try {
    await sleep(warm, undefined, { signal });
    const from = await load.count();
    await sleep(measure, undefined, { signal });
    return rate(from, await load.count());
  } finally {
    await load.stop();
  }
}

export const ceilingRow: BareRow = {
  name: 'ceiling',
  about: 'what the fixture gives to readers that do nothing but acknowledge',
  roundTrips: [0, 20, 80],
  packetsPerSecond: 1000,
  measure: async (scene) => ({ 'ceiling': await ceiling(scene, 1), 'ceiling.eight': await ceiling(scene, 8) }),
};
