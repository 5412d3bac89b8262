import type { FigureId, Measured } from '../figures';
import { median } from '../support/statistics';
import type { Tunnel } from '../support/tunnels';
import type { Scene, TunnelRow } from './row';

const LAUNCHES = 15;

/** What is timed, one after the other in each round, so that what else the machine does falls on all alike. */
const COMMANDS: readonly [figure: FigureId, run: (scene: Scene, tunnel: Tunnel) => Promise<number>][] = [
  ['start.node', async ({ tunnels }) => tunnels.timeNode()],
  ['start.version', async ({ tunnels }) => tunnels.time(['--version'])],
  ['start.help', async ({ tunnels }) => tunnels.time(['--help'])],
  ['start.list', async ({ tunnels, crowd }) => tunnels.time(['list'], { CONNECT_TUNNELS_DIR: crowd })],
  ['start.reuse', async ({ tunnels }) => tunnels.time(['ahbodedb', '--port', '0'])],
  ['start.open', async ({ tunnels }, { flags }) => {
    const took = await tunnels.time(['ahbodedb', '--role', 'reader', '--port', '0', ...flags]);
    await tunnels.time(['close', 'ahbodedb', '--role', 'reader']);
    return took;
  }],
];

export const startRow: TunnelRow = {
  name: 'start',
  about: `how long commands take, ${LAUNCHES} times each: --version, --help, list, reuse of a tunnel, and a new one until the database has answered`,
  way: 'usual',
  roundTrips: [20],
  async measure(scene, tunnel) {
    const times = new Map<FigureId, number[]>(COMMANDS.map(([figure]) => [figure, []]));
    for (let launch = 0; launch < LAUNCHES; launch++) {
      for (const [figure, run] of COMMANDS) times.get(figure)!.push(await run(scene, tunnel));
    }
    return Object.fromEntries([...times].map(([figure, values]) => [figure, median(values)])) as Measured;
  },
};
