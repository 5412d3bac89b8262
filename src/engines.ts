/**
 * One table of engines. A new engine is a new row. Imports nothing.
 */

/** How one asks, through a tunnel, whether a database answers. */
export type Probe = 'postgres' | 'mysql' | 'redis' | 'memcached' | 'mongodb' | 'tls' | 'tcp';

export interface Engine {
  /** The port that the engine listens on unless told otherwise. */
  readonly defaultPort: number;
  readonly probe: Probe;
  /** The scheme of a URL to it; undefined when there is no usual one. */
  readonly scheme?: string;
  /** What a URL to it has to ask for so that clients keep to the tunnel. */
  readonly query?: string;
  /** What a URL says of TLS where the database speaks it, of an engine that may or may not. */
  readonly urlOverTls?: { readonly scheme?: string; readonly query?: string };
  /** Whether its URLs are of Microsoft's kind: `;name=value` in place of user, password and path. @default false */
  readonly hasUrlOfProperties?: boolean;
  /** Whether RDS lets people in by a token of IAM. @default false */
  readonly takesIamToken?: boolean;
  /** The program that people talk to it with. */
  readonly client?: string;
  /** The environment variables its clients read, by what they hold. */
  readonly environment: {
    readonly host?: string; readonly port?: string; readonly user?: string; readonly password?: string; readonly database?: string;
  };
}

const POSTGRES: Engine = {
  defaultPort: 5432,
  probe: 'postgres',
  scheme: 'postgresql',
  takesIamToken: true,
  client: 'psql',
  environment: { host: 'PGHOST', port: 'PGPORT', user: 'PGUSER', password: 'PGPASSWORD', database: 'PGDATABASE' },
};
const MYSQL: Engine = {
  defaultPort: 3306,
  probe: 'mysql',
  scheme: 'mysql',
  takesIamToken: true,
  client: 'mysql',
  environment: { host: 'MYSQL_HOST', port: 'MYSQL_TCP_PORT', password: 'MYSQL_PWD' },
};
const SQL_SERVER: Engine = {
  defaultPort: 1433,
  probe: 'tcp',
  scheme: 'sqlserver',
  hasUrlOfProperties: true,
  client: 'sqlcmd',
  environment: { user: 'SQLCMDUSER', password: 'SQLCMDPASSWORD', database: 'SQLCMDDBNAME' },
};
const ORACLE: Engine = { defaultPort: 1521, probe: 'tcp', client: 'sqlplus', environment: {} };
const REDIS: Engine = {
  defaultPort: 6379,
  probe: 'redis',
  scheme: 'redis',
  urlOverTls: { scheme: 'rediss' },
  client: 'redis-cli',
  environment: { password: 'REDISCLI_AUTH' },
};
const HTTPS: Engine = { defaultPort: 443, probe: 'tls', scheme: 'https', client: 'curl', environment: {} };

/** By the name that AWS has for the engine (`DescribeDBClusters`, `EngineVersion.engineType`), or else by the one that everybody has for it. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  'aurora-postgresql': POSTGRES,
  'postgres': POSTGRES,
  'redshift': { ...POSTGRES, defaultPort: 5439, takesIamToken: false },
  'aurora': MYSQL,
  'aurora-mysql': MYSQL,
  'mysql': MYSQL,
  'mariadb': MYSQL,
  'sqlserver': SQL_SERVER,
  'sqlserver-ee': SQL_SERVER,
  'sqlserver-se': SQL_SERVER,
  'sqlserver-ex': SQL_SERVER,
  'sqlserver-web': SQL_SERVER,
  'oracle': ORACLE,
  'oracle-ee': ORACLE,
  'oracle-ee-cdb': ORACLE,
  'oracle-se': ORACLE,
  'oracle-se1': ORACLE,
  'oracle-se2': ORACLE,
  'oracle-se2-cdb': ORACLE,
  'docdb': {
    defaultPort: 27017,
    probe: 'mongodb',
    scheme: 'mongodb',
    query: 'directConnection=true&retryWrites=false',
    // The certificate names the real host, which a driver that dials 127.0.0.1 cannot be told.
    urlOverTls: { query: 'tls=true&tlsAllowInvalidHostnames=true' },
    client: 'mongosh',
    environment: {},
  },
  'redis': REDIS,
  'valkey': { ...REDIS, client: 'valkey-cli' },
  'memcached': { defaultPort: 11211, probe: 'memcached', environment: {} },
  'opensearch': HTTPS,
  'https': HTTPS,
};

/** The row of an engine; an engine that is not in the table is reached by plain TCP. */
export function engineOf(name: string): Engine {
  return Object.hasOwn(ENGINES, name) ? ENGINES[name]! : { defaultPort: 0, probe: 'tcp', environment: {} };
}
