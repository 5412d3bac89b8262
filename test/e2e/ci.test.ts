import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { BIN, ROOT } from './support/connect';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** The shell script of docs/ci.md, word by word. */
const SCRIPT = /```sh tested\n(#!\/bin\/sh\n[^]*?)```/.exec(readFileSync(join(ROOT, 'docs', 'ci.md'), 'utf8'))![1]!;
const MIGRATION = "exports.up = (pgm) => { pgm.createTable('orders', { id: 'id', item: { type: 'text', notNull: true } }); };\n";

/** A project with a migration, and an `npx` that finds what is installed in it. @returns how the script is run in it */
function project({ home, environment, postgres: { user, password, database } }: World) {
  const [folder, programs] = [join(home, 'project'), join(home, 'project', 'programs')];
  for (const each of [folder, programs, join(folder, 'migrations')]) mkdirSync(each);
  symlinkSync(BIN, join(programs, 'connect'));
  symlinkSync(join(dirname(createRequire(__filename).resolve('node-pg-migrate/package.json')), 'bin', 'node-pg-migrate.js'), join(programs, 'node-pg-migrate'));
  const npx = join(programs, 'npx');
  writeFileSync(npx, '#!/bin/sh\nexec "$@"\n');
  chmodSync(npx, 0o755);
  writeFileSync(join(folder, 'migrations', '1700000000000_orders.cjs'), MIGRATION);
  const env = { ...environment, PATH: `${programs}:${environment.PATH}`, CONNECT_PORT: '0', PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
  return { folder, run: () => spawn('sh', ['-c', SCRIPT], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }) };
}

async function tablesOf({ postgres }: World): Promise<string[]> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public' order by 1");
  await client.end();
  return rows.map(({ tablename }) => tablename);
}

scenario('the script of docs/ci.md migrates a database through the tunnel, and leaves nothing', async (world) => {
  const { folder, run } = project(world);
  const shell = run();
  const [stdout, stderr, [exit]] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'exit')]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.not.stringMatching(/error|ahbodedb/) });
  expect(stdout).toContain('closed ahbodedb (writer)');
  expect(await tablesOf(world)).toEqual(['orders', 'pgmigrations']);

  // A migration that fails is the script's exit code, and the tunnel is closed all the same.
  writeFileSync(join(folder, 'migrations', '1700000000001_wrong.cjs'), "exports.up = (pgm) => { pgm.sql('no such thing'); };\n");
  const failing = run();
  const [said, [failed]] = await Promise.all([text(failing.stdout), once(failing, 'exit'), text(failing.stderr)]);
  expect(failed).not.toBe(0);
  expect(said).toContain('closed ahbodedb (writer)');
  rmSync(folder, { recursive: true });
  await world.nothingLeft();
});
