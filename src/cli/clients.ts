import type { Probe } from '../engines';
import type { Through } from './child-environment';

/** A program that people talk to a database with. */
export interface Client {
  /** The language that it speaks. @default - any: whoever names it knows */
  readonly speaks: Probe;
  /** How to get it. */
  readonly install: string;
  /** What it cannot be told by its environment. On a command line there is nothing secret. */
  arguments?(through: Through): string[];
}

const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);

function redisArguments({ tunnel: { host, port, remote }, login: { user, trust }, overTls }: Through): string[] {
  const tls = overTls ? ['--tls', '--sni', remote.host, ...option('--cacert', trust?.file), ...(trust ? [] : ['--insecure'])] : [];
  return ['-h', host, '-p', String(port), ...tls, ...option('--user', user)];
}

/** By their names. A new client is a new row. */
export const CLIENTS: Readonly<Record<string, Client>> = {
  'psql': { speaks: 'postgres', install: 'apt-get install postgresql-client, or brew install libpq' },
  'mysql': {
    speaks: 'mysql',
    install: 'apt-get install default-mysql-client, or brew install mysql-client',
    // A certificate is verified as soon as it is told whose word counts; MariaDB's client has no --ssl-mode. The name was verified by us.
    arguments: ({ tunnel: { host, port }, login: { user, database, trust } }) => [
      `--host=${host}`,
      `--port=${port}`,
      ...(user === undefined ? [] : [`--user=${user}`]),
      ...(trust ? [trust.file === undefined ? '--loose-ssl-mode=REQUIRED' : `--ssl-ca=${trust.file}`] : []),
      ...(database === undefined ? [] : [`--database=${database}`]),
    ],
  },
  'redis-cli': { speaks: 'redis', install: 'apt-get install redis-tools, or brew install redis', arguments: redisArguments },
  'valkey-cli': { speaks: 'redis', install: 'apt-get install valkey-tools, or brew install valkey', arguments: redisArguments },
  'mongosh': {
    speaks: 'mongodb',
    install: 'npm install --global mongosh, or see https://www.mongodb.com/docs/mongodb-shell/install',
    // A URL with a password is for no command line: it reads that of its environment.
    arguments: () => ['--nodb', '--shell', '--eval', 'db = connect(process.env.DATABASE_URL)'],
  },
  'sqlcmd': {
    speaks: 'tcp',
    install: 'brew install sqlcmd, winget install sqlcmd, or see https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility',
    arguments: ({ tunnel: { host, port } }) => ['-S', `tcp:${host},${port}`],
  },
  'sqlplus': {
    speaks: 'tcp',
    install: 'see https://www.oracle.com/database/technologies/instant-client.html',
    arguments: ({ tunnel: { host, port }, login: { user = '', database = '' } }) => [`${user}@//${host}:${port}/${database}`],
  },
  'curl': {
    speaks: 'tls',
    install: 'apt-get install curl, or brew install curl',
    arguments: ({ tunnel: { host, port, remote }, login: { trust } }) => [
      '--connect-to', `::${host}:${port}`, ...option('--cacert', trust?.file), `https://${remote.host}:${remote.port}/`,
    ],
  },
};
