import { connect, type Socket } from 'node:net';
import { execa, type ResultPromise } from 'execa';
import type { AwsContext } from '../../aws/context';
import type * as hotPath from '../../aws/hot-path';
import { Problem } from '../../problem';
import { printable } from '../../text';
import { identifyProcess, type ProcessIdentity } from '../process-identity';
import { LOOPBACK } from '../tunnel';
import type { Carrier, CarrierRequest, OpenCarrier } from './carrier';
import { type PluginEvent, PluginOutput } from './plugin-output';

/** Older plugins put the session's token into the arguments of a process, where all users of the machine can read it. */
const OLDEST_PLUGIN = [1, 2, 764, 0];
const INTERRUPT_PATIENCE = 2_000;
const INSTALL = 'install it, or leave out --transport aws-cli: the native transport needs nothing installed';

type CliProcess = ResultPromise<{ reject: false; detached: true; cleanup: false; stdin: 'ignore'; buffer: false }>;

/** The official client, for those whose policy wants it: `aws ssm start-session` with its plugin. */
export async function openAwsCliCarrier(context: AwsContext): Promise<OpenCarrier> {
  await checkPlugin();
  const aws = await import('../../aws/hot-path');
  const region = await aws.resolveRegion(context);
  return async (request) => {
    const subprocess: CliProcess = execa('aws', startArguments(request, region, context.aws.profile), {
      reject: false, detached: true, cleanup: false, stdin: 'ignore', buffer: false, env: { AWS_PAGER: '' },
    });
    const carrier = new AwsCliCarrier(subprocess, async (sessionId) => aws.terminateSession({ sessionId }, context), context);
    try {
      await carrier.ready(request, (code, message) => explain(aws, context, request, code, message));
      return carrier;
    } catch (error) {
      await carrier.close();
      throw error;
    }
  };
}

class AwsCliCarrier implements Carrier {
  readonly child?: ProcessIdentity;
  readonly ended: Promise<{ reason: string }>;
  private readonly output = new PluginOutput();
  private readonly streams = new Set<Socket>();
  private port?: number;
  private running = true;
  private sessionId = '';
  private errors = '';
  private closing?: Promise<void>;

  constructor(
    private readonly subprocess: CliProcess,
    private readonly terminate: (sessionId: string) => Promise<void>,
    private readonly context: AwsContext,
  ) {
    this.child = subprocess.pid === undefined ? undefined : identifyProcess(subprocess.pid);
    // Both are read to the end: a program whose output nobody takes stops, or dies at its next word.
    subprocess.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-4096);
    });
    this.ended = subprocess.then(({ exitCode, signal }) => {
      this.running = false;
      for (const stream of this.streams) stream.destroy();
      return { reason: this.output.farewell ?? `the AWS CLI ended (${signal ?? `exit code ${exitCode}`})` };
    });
  }

  get id(): string {
    return this.sessionId;
  }

  get isOpen(): boolean {
    return this.running && !this.closing;
  }

  async ready({ startTimeout, signal }: CarrierRequest, explainFailure: (code: string | undefined, message: string) => Error): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (error: Error): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        reject(error);
      };
      const abort = (): void => giveUp(signal!.reason as Error);
      const timer = setTimeout(() => giveUp(new CliTimeout(startTimeout)), startTimeout);
      signal?.addEventListener('abort', abort, { once: true });
      this.subprocess.stdout.setEncoding('utf8').on('data', (text: string) => {
        for (const event of this.output.push(text)) {
          this.note(event);
          if (event.type !== 'waiting') continue;
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          resolve();
        }
      });
      void this.ended.then(({ reason }) => {
        const said = /An error occurred \((\w+)\) when calling the \w+ operation[^:]*: (.*)/.exec(this.errors);
        giveUp(explainFailure(said?.[1], printable(said?.[2] ?? (this.errors || reason))));
      });
    });
  }

  forward(socket: Socket): void {
    const stream = connect({ port: this.port!, host: LOOPBACK, allowHalfOpen: true });
    this.streams.add(stream);
    stream.once('close', () => {
      this.streams.delete(stream);
      socket.destroy();
    });
    stream.on('error', () => stream.destroy());
    socket.once('close', () => stream.destroy());
    socket.pipe(stream).pipe(socket);
  }

  async close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private note(event: PluginEvent): void {
    if (event.type === 'session') this.sessionId = event.sessionId;
    if (event.type === 'port') this.port = event.port;
    if (event.type === 'refused') this.context.log.warn('the bastion could not connect to the target');
  }

  /** The plugin ends its session on SIGINT only; on SIGTERM it would leave it open. */
  private async end(): Promise<void> {
    const { pid } = this.subprocess;
    if (this.running && pid !== undefined) {
      signalGroup(pid, 'SIGINT');
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), INTERRUPT_PATIENCE);
      await this.ended;
      clearTimeout(timer);
    }
    if (this.sessionId) await this.terminate(this.sessionId).catch(() => undefined);
  }
}

class CliTimeout extends Problem {
  readonly name = 'HandshakeTimeout';
  constructor(timeout: number) {
    super('SESSION_FAILED', `the AWS CLI did not open a session within ${Math.round(timeout / 1000)} s`, { next: 'try again with a longer --timeout' });
  }
}

function startArguments({ target, instanceId, reason }: CarrierRequest, region: string, profile: string | undefined): string[] {
  const fixed = target.document.fixed ? {} : { host: [target.host], portNumber: [String(target.port)] };
  return [
    'ssm', 'start-session', '--target', instanceId, '--document-name', target.document.name,
    '--parameters', JSON.stringify({ ...fixed, localPortNumber: ['0'] }), '--region', region,
    ...(profile ? ['--profile', profile] : []),
    ...(reason ? ['--reason', reason] : []),
  ];
}

function explain(aws: typeof hotPath, context: AwsContext, { instanceId, target }: CarrierRequest, code: string | undefined, message: string): Error {
  const failure = Object.assign(new Error(message), { name: code });
  if (code) return aws.explainStartFailure(failure, { instanceId, document: target.document }, context);
  return new Problem('SESSION_FAILED', `the AWS CLI could not open a session: ${message}`, { next: 'leave out --transport aws-cli to use the native transport' });
}

async function checkPlugin(): Promise<void> {
  const { stdout, failed, code } = await execa('session-manager-plugin', ['--version'], { reject: false, stdin: 'ignore' });
  if (failed) throw new Problem('SESSION_FAILED', `session-manager-plugin does not run (${code ?? 'failed'})`, { next: INSTALL });
  const version = stdout.trim();
  if (!isAtLeast(version.split('.').map(Number), OLDEST_PLUGIN)) {
    throw new Problem('SESSION_FAILED', `session-manager-plugin ${version} is too old: before ${OLDEST_PLUGIN.join('.')} it shows the session's token to other users`, {
      next: 'upgrade it, or leave out --transport aws-cli',
    });
  }
}

function isAtLeast(version: number[], oldest: number[]): boolean {
  const difference = oldest.map((part, at) => (version[at] ?? 0) - part).find((delta) => delta !== 0);
  return difference === undefined || difference > 0;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
