import { setTimeout as sleep } from 'node:timers/promises';
import { ROUND_TRIPS } from '../figures';
import { median, percentile } from '../support/statistics';
import { Dialogue, downloads, type Load, uploads } from '../support/traffic';
import type { Tunnel } from '../support/tunnels';
import type { Scene, TunnelRow } from './row';

/** So many questions are asked at least, on a network that is slow. */
const QUESTIONS = 20;

/** Talks on a connection that was there before the load, and on one that came later. @returns p50 and p95 of the one that fared worse */
async function talkDuring(start: () => Promise<Load>, { roundTrip, warm, measure, signal }: Scene, { port }: Tunnel): Promise<[number, number]> {
  const dialogues = [await Dialogue.open(port, signal)];
  const load = await start();
  try {
    await sleep(warm, undefined, { signal });
    dialogues.push(await Dialogue.open(port, signal));
    const spans: number[][] = [];
    for (const dialogue of dialogues) spans.push(await dialogue.talk(measure / 2 + QUESTIONS * roundTrip));
    return [Math.max(...spans.map(median)), Math.max(...spans.map((times) => percentile(times, 0.95)))];
  } finally {
    for (const dialogue of dialogues) dialogue.close();
    await load.stop();
    // What was still on its way is not to be in the way of what is measured next.
    await sleep(warm, undefined, { signal });
  }
}

export const idleRow: TunnelRow = {
  name: 'idle',
  about: '64 bytes there and back, nothing else going on',
  way: 'usual',
  roundTrips: ROUND_TRIPS,
  async measure({ roundTrip, measure, signal }, { port }) {
    const dialogue = await Dialogue.open(port, signal);
    const times = await dialogue.talk(measure / 2 + QUESTIONS * roundTrip);
    dialogue.close();
    return { 'idle.p50': median(times), 'idle.p95': percentile(times, 0.95) };
  },
};

type StartLoad = (scene: Scene, tunnel: Tunnel) => Promise<Load>;

function duringRow(name: string, what: string, figure: 'duringUpload' | 'duringDownload', start: StartLoad): TunnelRow {
  return {
    name,
    about: `64 bytes there and back while another connection ${what} all it can`,
    way: 'usual',
    roundTrips: ROUND_TRIPS,
    async measure(scene, tunnel) {
      const [p50, p95] = await talkDuring(async () => start(scene, tunnel), scene, tunnel);
      return { [`${figure}.p50`]: p50, [`${figure}.p95`]: p95 };
    },
  };
}

export const duringUploadRow = duringRow('during-upload', 'uploads', 'duringUpload',
  async ({ signal, target }, { port }) => uploads(port, 1, signal, target));
export const duringDownloadRow = duringRow('during-download', 'downloads', 'duringDownload',
  async ({ signal }, { port }) => downloads(port, 1, signal));
