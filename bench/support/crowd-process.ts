import { createHash } from 'node:crypto';
import type { WorkerStatus } from '../../src/tunnel/control/protocol';
import { ControlServer } from '../../src/tunnel/control/server';
import { openStore } from '../../src/tunnel/store';
import { someMeta } from '../../test/tunnel/some-meta';
import { serve } from './helper';

const FIRST_PORT = 20_000;
const STATUS: WorkerStatus = { phase: 'open', sessions: [], connections: 0, holders: 0, traffic: { in: 0, out: 0 }, reconnects: 0 };

/** Stands in the place of many workers: one process that has the files and the control channels of all of them. */
const methods = {
  async gather({ folder, count }: { folder: string; count: number }): Promise<void> {
    const store = await openStore(folder);
    for (let port = FIRST_PORT; port < FIRST_PORT + count; port++) {
      const hash = createHash('sha256').update(String(port)).digest('hex').slice(0, 16);
      store.write(hash, process.pid, someMeta({ name: `target-${port}`, port }));
      await new ControlServer(store.pathsOf(hash).sock, { answer: async () => STATUS, held: () => STATUS }).listen();
    }
  },
};
export type CrowdMethods = typeof methods;

serve(methods);
