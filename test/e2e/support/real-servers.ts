import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { freePort } from './listener';

const CERTIFICATES = join(__dirname, '..', '..', 'support', 'certificates');
const [CERTIFICATE, KEY] = [join(CERTIFICATES, 'database.pem'), join(CERTIFICATES, 'database.key')];

export interface Login { readonly user: string; readonly password: string; readonly database?: string }

/** A server of another engine, which shows the certificate of any cluster of the tests. */
export class RealServer {
  /** MariaDB, as far as its client can tell MySQL. */
  static async mariadb({ user, password, database }: Login): Promise<RealServer> {
    const folder = mkdtempSync(join(tmpdir(), 'connect-mariadb-'));
    const socket = join(folder, 'socket');
    execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal', '--skip-test-db', '--user=root'], { stdio: 'ignore' });
    const server = await RealServer.start(folder, (port) => ['mariadbd', [
      '--no-defaults', '--user=root', `--datadir=${folder}/data`, '--bind-address=127.0.0.1', `--port=${port}`, `--socket=${socket}`, `--pid-file=${folder}/pid`,
      `--ssl-cert=${CERTIFICATE}`, `--ssl-key=${KEY}`, '--require-secure-transport=on',
    ]]);
    const sql = `create database ${database}; create user '${user}'@'%' identified by '${password}'; grant all on ${database}.* to '${user}'@'%'`;
    execFileSync('mysql', ['--no-defaults', `--socket=${socket}`, '--user=root'], { input: sql });
    return server;
  }

  static async redis({ user, password }: Login): Promise<RealServer> {
    const folder = mkdtempSync(join(tmpdir(), 'connect-redis-'));
    return RealServer.start(folder, (port) => ['redis-server', [
      '--bind', '127.0.0.1', '--port', '0', '--tls-port', String(port), '--tls-cert-file', CERTIFICATE, '--tls-key-file', KEY, '--tls-ca-cert-file', CERTIFICATE,
      '--tls-auth-clients', 'no', '--dir', folder, '--save', '', '--user', user, 'on', `>${password}`, '~*', '&*', '+@all',
    ]]);
  }

  private static async start(folder: string, command: (port: number) => [program: string, args: string[]]): Promise<RealServer> {
    const port = await freePort();
    const [program, args] = command(port);
    const server = new RealServer(port, folder, spawn(program, args, { stdio: 'ignore' }));
    try {
      await eventually(async () => isListenedOn(port), Boolean, 20);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  readonly host = '127.0.0.1';

  private constructor(readonly port: number, private readonly folder: string, private readonly child: ChildProcess) {}

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function isListenedOn(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
