import { closeSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import type { AwsContext, Log } from '../../aws/context';
import { Problem } from '../../problem';
import { withWholePaths } from '../caller';
import { openLogFile } from '../worker/log-file';
import type { OpenerMessage, WorkerMessage, WorkerOrder } from '../worker/order';
import type { Deadline } from './deadline';

/** As seen from lib/tunnel/index.cjs, into which this is bundled. */
const WORKER = path.join(__dirname, '..', 'connect', 'worker.cjs');
/** How long a worker may take to give everything back. */
const ENDING_PATIENCE = 10_000;
const ADOPTION_PATIENCE = 5_000;
/** A worker idles all day: memory counts for more than speed. */
const LEAN_FLAGS = ['--max-semi-space-size=2', '--optimize-for-size'];
/** Of glibc: one arena, so that what is freed by one thread is used by another, and what is large goes back to the system. */
const LEAN_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' };
/** What Node ends with when it does not know a flag. */
const BAD_FLAG = 9;

/** A worker that has a tunnel open for us, and ends with us until it is adopted. */
export interface FreshWorker {
  readonly pid: number;
  /** Aborted when the worker has ended, with the problem that this is. */
  readonly lost: AbortSignal;
  /** Lets the worker live on without us. */
  adopt(): Promise<void>;
  /** Has it give everything back. */
  dismiss(): Promise<void>;
}

/** Starts a detached worker, gives it its order, and waits until the port is open and a session carries it. */
export async function spawnWorker(order: WorkerOrder, logPath: string, deadline: Deadline, context: AwsContext): Promise<FreshWorker> {
  try {
    return await spawnWith(LEAN_FLAGS, order, logPath, deadline, context);
  } catch (error) {
    if (!(error instanceof FlagRefused)) throw error;
    return spawnWith([], order, logPath, deadline, context);
  }
}

async function spawnWith(flags: string[], order: WorkerOrder, logPath: string, deadline: Deadline, { log }: AwsContext): Promise<FreshWorker> {
  const worker = new SpawnedWorker(start(flags, logPath), log);
  try {
    worker.say(order);
    // The worker keeps to the same deadline and knows better what it was waiting for; it is given a moment to say so.
    await worker.hear('ready', deadline.interruption, deadline.left + ENDING_PATIENCE);
    return worker;
  } catch (error) {
    await worker.dismiss();
    throw error;
  }
}

type WorkerProcess = ReturnType<typeof start>;

function start(flags: string[], logPath: string) {
  // execa's types know the standard descriptors only; it takes any.
  const output = openLogFile(logPath) as 1;
  try {
    return execa(process.execPath, [...flags, WORKER], {
      reject: false, ipc: true, detached: true, cleanup: false, cwd: '/', env: workerEnvironment(), extendEnv: false, stdio: ['ignore', output, output],
    });
  } finally {
    closeSync(output);
  }
}

class SpawnedWorker implements FreshWorker {
  private readonly ended: Promise<void>;
  private readonly loss = new AbortController();
  private readonly listeners = new Set<(message: WorkerMessage) => void>();
  private running = true;

  constructor(private readonly subprocess: WorkerProcess, log: Log) {
    this.ended = subprocess.then(({ exitCode }) => {
      this.running = false;
      this.loss.abort(exitCode === BAD_FLAG ? new FlagRefused() : died());
    });
    subprocess.on('message', (message) => {
      const heard = message as unknown as WorkerMessage;
      if (heard.type === 'progress') log[heard.level](heard.message);
      for (const listener of this.listeners) listener(heard);
    });
  }

  get lost(): AbortSignal {
    return this.loss.signal;
  }

  get pid(): number {
    return this.subprocess.pid!;
  }

  say(message: OpenerMessage): void {
    this.subprocess.send(message as never, (error) => void error);
  }

  /** Waits for a word of the worker; rejects with its problem, or when it ends without a word. */
  async hear(type: WorkerMessage['type'], signal: AbortSignal, patience: number): Promise<void> {
    let stopListening: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(silent(patience)), patience);
        const abort = (): void => reject(signal.reason as Error);
        const listener = (message: WorkerMessage): void => {
          if (message.type === type) resolve();
          if (message.type === 'failed') reject(Problem.fromJSON(message.problem));
        };
        stopListening = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          this.listeners.delete(listener);
        };
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort, { once: true });
        this.listeners.add(listener);
        void this.ended.then(() => reject(this.loss.signal.reason));
      });
    } finally {
      stopListening();
    }
  }

  async adopt(): Promise<void> {
    const adopted = this.hear('adopted', new AbortController().signal, ADOPTION_PATIENCE);
    this.say({ type: 'adopt' });
    await adopted;
    this.letGo();
  }

  /** The worker takes the end of the channel as the end of us. */
  async dismiss(): Promise<void> {
    this.letGo();
    const timer = setTimeout(() => this.running && this.subprocess.kill('SIGKILL'), ENDING_PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }

  private letGo(): void {
    if (this.subprocess.connected) this.subprocess.disconnect();
    this.subprocess.unref();
  }
}

function workerEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_CHANNEL_FD, NODE_CHANNEL_SERIALIZATION_MODE, ...environment } = withWholePaths(process.env);
  // On Node 20 the SDK would write a warning into the log.
  return { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...LEAN_ENVIRONMENT, ...environment };
}

/** This Node is one that does without a flag of ours. */
class FlagRefused extends Error {}

function silent(patience: number): Problem {
  return new Problem('SESSION_FAILED', `the tunnel's process did not answer within ${Math.round(patience / 1000)} s`, { next: 'try again with --verbose' });
}

function died(): Problem {
  return new Problem('SESSION_FAILED', 'the tunnel was closed, or its process was ended, before it was open', { next: 'open it again' });
}
