import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { LocalAws } from '../../local-aws';
import { listeningPorts, listeningPortsOf, markedProcesses } from '../../support/marked-processes';

/** Where something could have been left. */
export interface Scene {
  readonly marker: string;
  /** Every port that a tunnel was opened on. */
  readonly ports: Iterable<number>;
  readonly home: string;
  readonly temporary: string;
  readonly aws: Pick<LocalAws, 'sessions'>;
}

const TUNNELS = join('.declastruct', 'tunnels');
const CODE = join('.cache', 'tunnelable-rds-cluster');
/** What may stay: the folders themselves, the ports to use again, the names to suggest, and compiled code. */
const MAY_STAY = ['.declastruct', TUNNELS, ...['last-ports.json', 'target-names.json'].map((name) => join(TUNNELS, name)), '.cache', CODE];
const CODE_FILE = /^(cli|worker)-[0-9a-f]+-v[\d.]+-\w+\.code$/;

/** Everything that should not be there once all tunnels are closed, in words. */
export async function findLeftovers({ marker, ports, home, temporary, aws }: Scene): Promise<string[]> {
  const processes = await markedProcesses(marker);
  const held = await Promise.all(processes.map(async (process) => ({ ...process, ports: await listeningPortsOf(process) })));
  const listening = await listeningPorts();
  return [
    ...held.map(({ pid, args, ports: own }) => `process ${pid}: ${args.join(' ')}${own.length > 0 ? `, listening on ${own.join(', ')}` : ''}`),
    ...[...ports].filter((port) => listening.has(port)).map((port) => `port ${port} is listened on`),
    ...(await entriesOf(home)).filter((entry) => !mayStay(entry)).map((entry) => `file in HOME: ${entry}`),
    ...(await entriesOf(temporary)).map((entry) => `file in TMPDIR: ${entry}`),
    ...aws.sessions.open().map(({ id }) => `session ${id}`),
  ];
}

function mayStay(entry: string): boolean {
  return MAY_STAY.includes(entry) || (dirname(entry) === CODE && CODE_FILE.test(basename(entry)));
}

async function entriesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
