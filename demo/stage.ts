import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { LocalAws } from '../test/local-aws';
import { type Postgres, startPostgres } from '../test/support/postgres';
import { createSampleTable, SAMPLE_DATABASE } from '../test/support/sample-table';

const ROOT = join(__dirname, '..');

/** What the demo plays on: a folder, a real PostgreSQL, and an AWS on loopback. Everything is given back by `clear`. */
export class Stage {
  static async build(): Promise<Stage> {
    return new Stage(await mkdtemp(join(tmpdir(), 'connect-demo-')));
  }

  private postgres?: Postgres;
  private aws?: LocalAws;

  private constructor(readonly folder: string) {}

  /** Starts a database with a small table. */
  async startDatabase(): Promise<Postgres> {
    this.postgres = await startPostgres();
    await createSampleTable(this.postgres);
    return this.postgres;
  }

  /** Starts an AWS that holds what a template describes, with the bastion stopped and the cluster's host names on our database. */
  async startAws(template: string): Promise<LocalAws> {
    this.aws = await LocalAws.start({ template, timing: { pending: 2000, agentDelay: 1000 } });
    const { endpoint, readerEndpoint } = this.aws.clusters.get('ahbodedb');
    for (const host of [endpoint, readerEndpoint]) this.aws.hosts.map(host, this.postgres!);
    this.aws.instances.get('vpc-main-bastion').force('stopped');
    return this.aws;
  }

  /** What one has to export to play along. The tunnels of the demo are kept apart from the user's own. */
  get exports(): Readonly<Record<string, string>> {
    return {
      ...this.aws!.environment,
      CONNECT_TUNNELS_DIR: join(this.folder, 'tunnels'),
      PGUSER: this.postgres!.user,
      PGPASSWORD: this.postgres!.password,
    };
  }

  get environment(): NodeJS.ProcessEnv {
    const foreign = Object.entries(process.env).filter(([name]) => !/^(AWS_|CONNECT_(?!TEST)|PG)/.test(name));
    return { ...Object.fromEntries(foreign), ...this.exports, PATH: `${join(ROOT, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}` };
  }

  get isSet(): boolean {
    return this.aws !== undefined;
  }

  async clear(): Promise<void> {
    await this.aws?.close();
    await this.postgres?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What a query through a local port answers. */
  async query(port: number, sql: string): Promise<Record<string, unknown>[]> {
    const { user, password } = this.postgres!;
    const client = new Client({ host: '127.0.0.1', port, user, password, database: SAMPLE_DATABASE });
    try {
      await client.connect();
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
