import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testWith } from '../support/optional-tools';
import { type Postgres, startPostgres } from '../support/postgres';
import { createSampleTable } from '../support/sample-table';

const run = promisify(execFile);
const STAND_IN = join(__dirname, 'stand-in', 'psql');

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  await createSampleTable(postgres);
});
afterAll(async () => postgres?.stop());

async function printedBy(program: string, args: readonly string[]): Promise<string> {
  const { host, port, user, password } = postgres;
  const environment = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: 'app' };
  const { stdout } = await run(program, args, { env: environment });
  return stdout;
}

testWith('psql').each([
  ['-c', 'select city, rooms from home order by id'],
  ['-c', 'select count(*) from home'],
  ['-Atc', 'select id, city from home order by id'],
  ['-c', "insert into home (city, rooms) values ('Oslo', 1)"],
])('%s %s: the stand-in prints what psql does', async (flag, sql) => {
  expect(await printedBy(STAND_IN, [flag, sql])).toBe(await printedBy('psql', [flag, sql]));
});
