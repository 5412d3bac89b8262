import { Client } from 'pg';
import type { Postgres } from './postgres';

/** The database that the example's cluster has. */
export const SAMPLE_DATABASE = 'app';

/** Makes it, with a small table to ask for. */
export async function createSampleTable(postgres: Postgres): Promise<void> {
  await execute(postgres, postgres.database, `create database ${SAMPLE_DATABASE}`);
  await execute(postgres, SAMPLE_DATABASE, `
    create table home (id serial primary key, city text not null, rooms int not null);
    insert into home (city, rooms) values ('Lisbon', 3), ('Utrecht', 4), ('Kyoto', 2);
  `);
}

async function execute({ host, port, user, password }: Postgres, database: string, sql: string): Promise<void> {
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  await client.query(sql);
  await client.end();
}
