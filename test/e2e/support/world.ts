import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { LocalAws, type LocalAwsOptions } from '../../local-aws';
import { eventually } from '../../support/eventually';
import { exampleTemplate } from '../../support/example-template';
import { MARKER_VARIABLE, markedProcesses } from '../../support/marked-processes';
import type { Postgres } from '../../support/postgres';
import { Canaries } from './canaries';
import { type Finished, Running, type Starting } from './connect';
import { findLeftovers } from './leftovers';

export interface WorldOptions {
  readonly timing?: LocalAwsOptions['timing'];
  readonly agentTiming?: LocalAwsOptions['agentTiming'];
  readonly tls?: LocalAwsOptions['tls'];
}

export interface ConnectOptions extends Partial<Omit<Starting, 'environment'>> {
  /** On top of the world's own; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What has just been closed may take the kernel a moment. */
const GRACE_SECONDS = 2;

/** All that one test needs, and nothing it shares: an AWS with the example deployed, a home, and the built command in it. */
export class World {
  static async create(postgres: Postgres, { timing, agentTiming, tls }: WorldOptions = {}): Promise<World> {
    const aws = await LocalAws.start({ template: await exampleTemplate(), timing, agentTiming, tls });
    const { endpoint, readerEndpoint } = aws.clusters.get('ahbodedb');
    for (const name of [endpoint, readerEndpoint]) aws.hosts.map(name, postgres);
    const folder = await mkdtemp(join(tmpdir(), 'connect-e2e-'));
    const world = new World(aws, postgres, folder);
    for (const each of [world.home, world.temporary]) await mkdir(each);
    return world;
  }

  readonly marker = randomUUID();
  readonly home: string;
  readonly temporary: string;
  readonly tunnels: string;
  readonly ports = new Set<number>();
  readonly canaries: Canaries;
  private readonly endings: (() => unknown)[] = [];
  private readonly password = randomBytes(24).toString('base64url');
  readonly environment: Readonly<Record<string, string>>;

  private constructor(readonly aws: LocalAws, readonly postgres: Postgres, private readonly folder: string) {
    this.home = join(folder, 'home');
    this.temporary = join(folder, 'tmp');
    this.tunnels = join(this.home, '.declastruct', 'tunnels');
    this.environment = {
      ...aws.environment,
      HOME: this.home,
      TMPDIR: this.temporary,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      PGPASSWORD: this.password,
      NODE_DISABLE_COMPILE_CACHE: '1',
      [MARKER_VARIABLE]: this.marker,
    };
    this.canaries = new Canaries({ marker: this.marker, folders: [this.home, this.temporary], secrets: () => [this.password, ...aws.secrets.all()] });
  }

  /** Starts the built command. */
  readonly start = (args: string | readonly string[], { environment = {}, ...options }: ConnectOptions = {}): Running => {
    const merged = Object.entries({ ...this.environment, ...environment }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return new Running(typeof args === 'string' ? args.split(' ') : args, { environment: Object.fromEntries(merged), ...options });
  };

  /** Runs the built command to its end. */
  readonly connect = async (args: string | readonly string[], { stdin = '', ...options }: ConnectOptions = {}): Promise<Finished> =>
    this.watch(this.start(args, { stdin, ...options }));

  /** Waits for the end of a command, and looks at all it said. */
  readonly watch = async (running: Running): Promise<Finished> => {
    const finished = await running.finished;
    for (const [, port] of finished.stdout.matchAll(/^(?:(?:\S+ {2})?127\.0\.0\.1:| *"port": )(\d+)/gm)) this.ports.add(Number(port));
    this.canaries.check(finished.stdout, 'stdout');
    this.canaries.check(finished.stderr, 'stderr');
    await this.canaries.look();
    return finished;
  };

  /** Opens a tunnel that must open. @returns what `--json` printed */
  readonly open = async (args = 'ahbodedb --port 0', options?: ConnectOptions): Promise<any> => {
    const { exit, stderr, json } = await this.connect(`${args} --json`, options);
    if (exit !== 0) throw new Error(`connect ${args} ended with exit code ${exit}: ${JSON.stringify(json)} ${stderr}`);
    return json;
  };

  /** What `status` shows of the tunnel to the example. */
  readonly status = async (environment: ConnectOptions['environment'] = {}): Promise<any> =>
    (await this.connect('status ahbodedb --json', { environment })).json.tunnels[0];

  /** What a query through a port answers. */
  readonly query = async (port: number, sql = 'select 6 * 7 as answer'): Promise<unknown> => {
    const { user, password, database } = this.postgres;
    const client = new Client({ host: '127.0.0.1', port, user, password, database, connectionTimeoutMillis: 25_000 });
    // A tunnel that closes under it is said by the query.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return Object.values((await client.query(sql)).rows[0])[0];
    } finally {
      await client.end().catch(() => undefined);
    }
  };

  /** What a test that leaves a tunnel open does last. */
  readonly closeAll = async (environment: ConnectOptions['environment'] = {}): Promise<void> => {
    const { exit, stderr } = await this.connect('close --all', { environment });
    if (exit !== 0) throw new Error(`connect close --all ended with exit code ${exit}: ${stderr}`);
  };

  /** Ends something of the test's own together with the world, whatever becomes of the test. */
  readonly atEnd = (end: () => unknown): void => {
    this.endings.push(end);
  };

  readonly leftovers = async (): Promise<string[]> => findLeftovers(this);

  /** Until nothing is left. @throws Error that says what is */
  readonly nothingLeft = async (seconds = GRACE_SECONDS): Promise<void> => {
    await eventually(this.leftovers, (left) => left.length === 0, seconds);
  };

  /** Takes down the whole world. @returns what should not have been in it */
  async end(graceSeconds = GRACE_SECONDS): Promise<string[]> {
    const left = await eventually(this.leftovers, (found) => found.length === 0, graceSeconds).then(() => [], async () => this.leftovers());
    const seen = await this.canaries.end();
    for (const { pid } of await markedProcesses(this.marker)) process.kill(pid, 'SIGKILL');
    await Promise.all(this.endings.map(async (end) => end()));
    await this.aws.close();
    await rm(this.folder, { recursive: true, force: true });
    return [...left, ...seen];
  }
}
