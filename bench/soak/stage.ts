import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Running } from '../../test/e2e/support/connect';
import { findLeftovers } from '../../test/e2e/support/leftovers';
import { copyWatchedPackage, WatchedWorker } from '../../test/e2e/support/watched-worker';
import { LocalAws } from '../../test/local-aws';
import { eventually } from '../../test/support/eventually';
import { exampleTemplate } from '../../test/support/example-template';
import { MARKER_VARIABLE, markedProcesses } from '../../test/support/marked-processes';
import { Target } from './target';

/** Minutes, as session documents have them. */
const LIMITS = { idleSessionTimeout: '20', maxSessionDuration: '120' };

/** All that a soak needs: an AWS, a target behind its bastion, and the built command with a tunnel open. */
export class Stage {
  /** @param scale of the agent's timing */
  static async build(scale: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'connect-soak-'));
    const [aws, target] = await Promise.all([LocalAws.start({ template: await limitedTemplate(), agentTiming: { scale } }), Target.start()]);
    const { endpoint, readerEndpoint } = aws.clusters.get('ahbodedb');
    for (const name of [endpoint, readerEndpoint]) aws.hosts.map(name, target);
    const stage = new Stage(folder, aws, target);
    try {
      for (const each of [stage.home, stage.temporary]) await mkdir(each);
      stage.bin = await copyWatchedPackage(join(folder, 'package'));
      await stage.open();
      return stage;
    } catch (error) {
      await stage.clear();
      throw error;
    }
  }

  port = 0;
  worker!: WatchedWorker;
  controlPath = '';
  private readonly marker = randomUUID();
  private readonly home: string;
  private readonly temporary: string;
  private bin = '';

  private constructor(private readonly folder: string, readonly aws: LocalAws, readonly target: Target) {
    this.home = join(folder, 'home');
    this.temporary = join(folder, 'tmp');
  }

  get isWorkerAlive(): boolean {
    try {
      return process.kill(this.worker.pid, 0);
    } catch {
      return false;
    }
  }

  /** What the worker has written. */
  async log(): Promise<string> {
    return readFile(this.controlPath.replace(/sock$/, 'log'), 'utf8').catch(() => '');
  }

  /** Closes the tunnel. @returns what it left behind, or what it told that it should not have */
  async close(): Promise<string[]> {
    const log = await this.log();
    const told = this.aws.secrets.all().filter((secret) => log.includes(secret)).map((secret) => `a secret (${secret.slice(0, 4)}...) in the log`);
    const { exit, stderr } = await this.connect('close', '--all').finished;
    const look = async () => findLeftovers({ marker: this.marker, ports: [this.port], home: this.home, temporary: this.temporary, aws: this.aws });
    const left = await eventually(look, (found) => found.length === 0, 5).then(() => [], look);
    return [...told, ...left, ...(exit === 0 ? [] : [`close ended with exit code ${exit}: ${stderr}`])];
  }

  /** Leaves nothing, whatever happened. */
  async clear(): Promise<void> {
    for (const { pid } of await markedProcesses(this.marker)) process.kill(pid, 'SIGKILL');
    this.target.close();
    await this.aws.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async open(): Promise<void> {
    const { exit, stdout, stderr } = await this.connect('ahbodedb', '--port', '0', '--json').finished;
    if (exit !== 0) throw new Error(`connect ahbodedb ended with exit code ${exit}: ${stdout}${stderr}`);
    const { port, pid } = JSON.parse(stdout);
    this.port = port;
    this.worker = new WatchedWorker(pid, this.bin);
    const tunnels = join(this.home, '.declastruct', 'tunnels');
    this.controlPath = join(tunnels, (await readdir(tunnels)).find((name) => name.endsWith('.sock'))!);
  }

  private connect(...args: readonly string[]): Running {
    return new Running(args, {
      bin: this.bin,
      stdin: '',
      environment: {
        ...this.aws.environment,
        HOME: this.home,
        TMPDIR: this.temporary,
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        [MARKER_VARIABLE]: this.marker,
        NODE_DISABLE_COMPILE_CACHE: '1',
      },
    });
  }
}

/** The example, with documents that limit their sessions. */
async function limitedTemplate(): Promise<object> {
  const template = JSON.parse(await readFile(await exampleTemplate(), 'utf8'));
  for (const { Type: type, Properties: properties } of Object.values<{ Type: string; Properties: { Content?: object } }>(template.Resources)) {
    if (type === 'AWS::SSM::Document') Object.assign(properties.Content!, { inputs: LIMITS });
  }
  return template;
}
