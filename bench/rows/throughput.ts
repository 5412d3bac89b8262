import { setTimeout as sleep } from 'node:timers/promises';
import { downloads, type Load, mib, rate, uploads } from '../support/traffic';
import type { Tunnel } from '../support/tunnels';
import { type Usage, usageOf } from '../support/usage';
import { readers } from './ceiling';
import type { Scene, TunnelRow } from './row';

/** How often it is looked how much memory a worker has. */
const LOOK_EVERY = 250;

interface Throughput {
  /** MiB a second. */
  readonly speed: number;
  /** What a reader got at the same time that did nothing but acknowledge; NaN where there was none. */
  readonly beside: number;
  /** Milliseconds of CPU for a MiB. */
  readonly cpu: number;
  /** The most that was seen. */
  readonly peak: Pick<Usage, 'rss' | 'pss'>;
}

/** @param reader what else the machine does falls on it and on the load alike, if it is measured at the same time */
async function throughput(load: Load, { warm, measure, signal }: Scene, { pid }: Tunnel, reader?: Load): Promise<Throughput> {
  try {
    await sleep(warm, undefined, { signal });
    const looks = [await usageOf(pid)];
    const [from, readerFrom] = await Promise.all([load.count(), reader?.count()]);
    for (const end = performance.now() + measure; performance.now() < end;) {
      await sleep(LOOK_EVERY, undefined, { signal });
      looks.push(await usageOf(pid));
    }
    const [to, readerTo] = await Promise.all([load.count(), reader?.count()]);
    return {
      speed: rate(from, to),
      beside: readerFrom && readerTo ? rate(readerFrom, readerTo) : NaN,
      cpu: (looks.at(-1)!.cpu - looks[0]!.cpu) / mib(from, to),
      peak: { rss: Math.max(...looks.map(({ rss }) => rss)), pss: Math.max(...looks.map(({ pss }) => pss)) },
    };
  } finally {
    await load.stop();
    // What was still on its way is not to be in the way of what is measured next.
    await sleep(warm, undefined, { signal });
  }
}

interface BothWays {
  readonly down: Throughput;
  readonly up: Throughput;
  readonly rss: number;
  readonly pss: number;
}

async function bothWays(scene: Scene, tunnel: Tunnel, connections: number, reader?: Load): Promise<BothWays> {
  const down = await throughput(await downloads(tunnel.port, connections, scene.signal), scene, tunnel, reader)
    .finally(async () => reader?.stop());
  const up = await throughput(await uploads(tunnel.port, connections, scene.signal, scene.target), scene, tunnel);
  return { down, up, rss: Math.max(down.peak.rss, up.peak.rss), pss: Math.max(down.peak.pss, up.peak.pss) };
}

interface LoadedRow extends Pick<TunnelRow, 'about' | 'way'> {
  readonly name: 'one' | 'eight';
  readonly connections: number;
  /** Clients to read beside the download. */
  readonly readers: number;
}

function loadedRow({ connections, readers: beside, ...row }: LoadedRow): TunnelRow {
  const { name } = row;
  return {
    ...row,
    roundTrips: [0, 20, 80],
    async measure(scene, tunnel) {
      const { down, up, rss, pss } = await bothWays(scene, tunnel, connections, beside > 0 ? await readers(scene, beside) : undefined);
      return {
        [`download.${name}`]: down.speed,
        ...(beside > 0 && { [`beside.${name}`]: down.beside }),
        [`upload.${name}`]: up.speed,
        [`cpu.download.${name}`]: down.cpu,
        [`cpu.upload.${name}`]: up.cpu,
        [`rss.${name}`]: rss,
        [`pss.${name}`]: pss,
      };
    },
  };
}

export const oneRow = loadedRow({ name: 'one', about: 'download and upload of one connection', way: 'usual', connections: 1, readers: 1 });
export const eightRow = loadedRow({ name: 'eight', about: 'download and upload of eight connections at once', way: 'eightLanes', connections: 8, readers: 0 });

export const unpacedRow: TunnelRow = {
  name: 'unpaced',
  about: 'upload of one connection, as fast as it goes, to a service without a limit',
  way: 'unpaced',
  roundTrips: [0, 20, 80],
  async measure(scene, tunnel) {
    const { speed, cpu } = await throughput(await uploads(tunnel.port, 1, scene.signal, scene.target), scene, tunnel);
    return { 'unpaced': speed, 'cpu.unpaced': cpu };
  },
};
