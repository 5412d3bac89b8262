import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real proxy on loopback that tells what it is asked for. One that refuses says the same to everybody; a silent one says nothing. */
const PROGRAM = `
  import { createServer } from 'node:http';
  import { createServer as createTlsServer } from 'node:https';
  import { createProxy } from 'proxy';
  const { PROXY_PORT, PROXY_AUTHORIZATION, PROXY_REFUSAL, PROXY_TLS } = process.env;
  const server = PROXY_TLS ? createTlsServer(JSON.parse(PROXY_TLS)) : createServer();
  for (const event of ['request', 'connect']) server.on(event, ({ method, url }) => console.log(method + ' ' + url));
  if (PROXY_REFUSAL === 'silence') server.on('connect', () => undefined);
  else if (PROXY_REFUSAL) server.on('connect', (request, socket) => socket.end('HTTP/1.1 ' + PROXY_REFUSAL + '\\r\\n\\r\\n'));
  else createProxy(server);
  if (PROXY_AUTHORIZATION) server.authenticate = (request) => request.headers['proxy-authorization'] === PROXY_AUTHORIZATION;
  process.on('uncaughtException', () => undefined);
  server.listen(Number(PROXY_PORT), '127.0.0.1', () => console.log('listening on ' + server.address().port));
`;

export interface TestProxyOptions {
  /** Who may use it: `user:password`. @default - everybody */
  readonly login?: string;
  /** What it answers to all, such as `403 Forbidden`; `silence` for nothing. */
  readonly refusal?: string;
  /** The certificate of one that is spoken to in TLS. @default - it is spoken to in plain text */
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
}

/** An HTTP proxy in a process of its own. */
export class TestProxy {
  static async start(options: TestProxyOptions = {}): Promise<TestProxy> {
    const proxy = new TestProxy(options);
    await proxy.restart();
    return proxy;
  }

  port = 0;
  /** What it was asked for: `CONNECT 127.0.0.1:443`, `POST http://127.0.0.1/`. */
  readonly asked: string[] = [];
  private child?: ChildProcess;

  private constructor(private readonly options: TestProxyOptions) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** As HTTPS_PROXY has it, with the login. */
  get url(): string {
    const [user, password] = this.options.login?.split(':') ?? [];
    return `${this.options.tls ? 'https' : 'http'}://${user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password!)}@`}${this.address}`;
  }

  /** Starts it again at the same port. */
  async restart(): Promise<void> {
    const { login, refusal, tls } = this.options;
    this.child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      cwd: join(__dirname, '..', '..'),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PROXY_PORT: String(this.port),
        PROXY_AUTHORIZATION: login === undefined ? '' : `Basic ${Buffer.from(login).toString('base64')}`,
        PROXY_REFUSAL: refusal ?? '',
        PROXY_TLS: tls === undefined ? '' : JSON.stringify({ key: tls.key.toString(), cert: tls.cert.toString() }),
      },
    });
    const lines = createInterface(this.child.stdout!);
    const [listening] = await once(lines, 'line') as [string];
    this.port = Number(listening.split(' ').at(-1));
    lines.on('line', (line) => this.asked.push(line));
  }

  /** Takes it down with all that goes through it. */
  async stop(): Promise<void> {
    if (this.child === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
