/**
 * One table of engines. A new engine is a new row. Imports nothing.
 */

/** How one asks, through a tunnel, whether a database answers. */
export type Probe = 'postgres' | 'mysql' | 'redis' | 'tcp';

export interface Engine {
  /** The port that the engine listens on unless told otherwise. */
  readonly defaultPort: number;
  readonly probe: Probe;
  /** The scheme of a URL to it; undefined when there is no usual one. */
  readonly scheme?: string;
  /** The program that people talk to it with. */
  readonly client?: string;
  /** The environment variables its clients read, by what they hold. */
  readonly environment: { readonly host?: string; readonly port?: string; readonly database?: string };
}

const POSTGRES: Engine = {
  defaultPort: 5432, probe: 'postgres', scheme: 'postgresql', client: 'psql', environment: { host: 'PGHOST', port: 'PGPORT', database: 'PGDATABASE' },
};
const MYSQL: Engine = {
  defaultPort: 3306, probe: 'mysql', scheme: 'mysql', client: 'mysql', environment: { host: 'MYSQL_HOST', port: 'MYSQL_TCP_PORT' },
};
const SQL_SERVER: Engine = { defaultPort: 1433, probe: 'tcp', scheme: 'sqlserver', client: 'sqlcmd', environment: {} };
const ORACLE: Engine = { defaultPort: 1521, probe: 'tcp', client: 'sqlplus', environment: {} };

/** By the name that RDS has for the engine (`DescribeDBClusters`, `EngineVersion.engineType`). */
export const ENGINES: Readonly<Record<string, Engine>> = {
  'aurora-postgresql': POSTGRES,
  'postgres': POSTGRES,
  'aurora-mysql': MYSQL,
  'mysql': MYSQL,
  'mariadb': MYSQL,
  'sqlserver-ee': SQL_SERVER,
  'sqlserver-se': SQL_SERVER,
  'sqlserver-ex': SQL_SERVER,
  'sqlserver-web': SQL_SERVER,
  'oracle-ee': ORACLE,
  'oracle-ee-cdb': ORACLE,
  'oracle-se2': ORACLE,
  'oracle-se2-cdb': ORACLE,
  'redis': { defaultPort: 6379, probe: 'redis', scheme: 'redis', client: 'redis-cli', environment: {} },
  'valkey': { defaultPort: 6379, probe: 'redis', scheme: 'redis', client: 'valkey-cli', environment: {} },
};

/** The row of an engine; an engine that is not in the table is reached by plain TCP. */
export function engineOf(name: string): Engine {
  return Object.hasOwn(ENGINES, name) ? ENGINES[name]! : { defaultPort: 0, probe: 'tcp', environment: {} };
}
