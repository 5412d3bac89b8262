import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Descriptor } from '../../../src/descriptor';
import { exampleDescriptor, putDescriptor } from './descriptor';
import type { World } from './world';

/** Writes into the descriptor that one logs in with a secret, which holds the real database's password, and what else is given. */
export function putSecret({ aws, postgres }: World, more: object = {}): string {
  const { user: username, password } = postgres;
  const { host } = exampleDescriptor(aws).target;
  const { arn } = aws.storedSecrets.put('ahbodedb-login', JSON.stringify({ username, password, host: host.writer, dbname: 'postgres', ...more }));
  describe(aws, { credentials: { secretArn: arn } });
  return arn;
}

/** Changes the descriptor; its database is the one that there is. */
export function describe(aws: World['aws'], changes: Partial<Descriptor>): void {
  const { target } = exampleDescriptor(aws);
  putDescriptor(aws, { target: { ...target, database: 'postgres' }, ...changes });
}

/** Logs in as libpq would with the same environment, and says who is asked, by whom and how. */
const PSQL = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const { Client } = require(${JSON.stringify(createRequire(__filename).resolve('pg'))});
const { PGHOST, PGHOSTADDR, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE, PGSSLROOTCERT } = process.env;
if (process.argv.slice(2).join(' ').includes(PGPASSWORD)) throw new Error('the password is in the arguments');
const ssl = PGSSLMODE === 'verify-full' ? { ca: readFileSync(PGSSLROOTCERT), servername: PGHOST } : false;
const client = new Client({ host: PGHOSTADDR ?? PGHOST, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD, database: PGDATABASE, ssl });
client.connect()
  .then(() => client.query('select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()'))
  .then(({ rows: [{ current_user, ssl }] }) => console.log([current_user, ssl ? 't' : 'f'].join('|')))
  .then(() => client.end())
  .catch((error) => { console.error(error.message); process.exitCode = 2; });
`;

/** Puts a program of the name psql first on the PATH. @returns that PATH */
export async function standInPsql({ environment, atEnd }: World): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'connect-psql-'));
  atEnd(() => rm(folder, { recursive: true }));
  const path = join(folder, 'psql');
  await writeFile(path, PSQL);
  await chmod(path, 0o755);
  return `${folder}:${environment.PATH}`;
}
