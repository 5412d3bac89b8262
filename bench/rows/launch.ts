import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { median } from '../support/statistics';
import { usageOf } from '../support/usage';
import type { BareRow } from './row';

const LAUNCHES = 5;

export const launchRow: BareRow = {
  name: 'launch',
  about: 'what any program in Node takes to start and end on this machine, and holds',
  roundTrips: [0],
  packetsPerSecond: 0,
  async measure({ signal }) {
    const times: number[] = [];
    while (times.length < LAUNCHES) {
      const at = performance.now();
      await once(spawn(process.execPath, ['--eval', ''], { stdio: 'ignore', signal }), 'exit');
      times.push(performance.now() - at);
    }
    const idle = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 60_000); console.log()'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(idle.stdout, 'data', { signal });
      return { 'node': median(times), 'rss.node': (await usageOf(idle.pid!)).rss };
    } finally {
      idle.kill();
    }
  },
};
