import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../../aws/context';
import { Problem } from '../../problem';
import { withWholePaths } from '../caller';
import { openLogFile } from '../worker/log-file';
import type { OpenerMessage, WorkerMessage } from '../worker/order';

/** As seen from lib/connect and from lib/tunnel, into which this is bundled. */
const LAUNCHER = path.join(__dirname, '..', 'connect', 'launch.cjs');
/** How long a worker may take to give everything back. */
export const ENDING_PATIENCE = 10_000;
const ADOPTION_PATIENCE = 5_000;
/** Of glibc: one arena, so that what is freed by one thread is used by another, and what is large goes back to the system. */
const LEAN_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' };

/** A detached worker, as long as it ends with us. */
export class WorkerProcess {
  /** Aborted when the worker has ended, with the problem that this is. */
  readonly lost: AbortSignal;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly listeners = new Set<(message: WorkerMessage) => void>();
  private running = true;

  /** @throws Problem USAGE when its log cannot be had */
  constructor(logPath: string, log: Log) {
    this.child = start(logPath);
    const loss = new AbortController();
    this.lost = loss.signal;
    this.ended = endOf(this.child).then(() => {
      this.running = false;
      loss.abort(died());
    });
    this.child.on('message', (heard: WorkerMessage) => {
      if (heard.type === 'progress') log[heard.level](heard.message);
      for (const listener of this.listeners) listener(heard);
    });
  }

  say(message: OpenerMessage): void {
    this.child.send(message, (error) => void error);
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
        void this.ended.then(() => reject(this.lost.reason));
      });
    } finally {
      stopListening();
    }
  }

  /** Lets the worker live on without us. */
  async adopt(): Promise<void> {
    const adopted = this.hear('adopted', new AbortController().signal, ADOPTION_PATIENCE);
    this.say({ type: 'adopt' });
    await adopted;
    this.letGo();
  }

  /** Has it give everything back: it takes the end of the channel as the end of us. */
  async dismiss(): Promise<void> {
    this.letGo();
    const timer = setTimeout(() => this.kill(), ENDING_PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it at once, as it may be ended while it holds nothing. */
  async discard(): Promise<void> {
    this.kill();
    this.letGo();
    await this.ended;
  }

  private kill(): void {
    if (this.running) this.child.kill('SIGKILL');
  }

  private letGo(): void {
    if (this.child.connected) this.child.disconnect();
    this.child.unref();
  }
}

function start(logPath: string): ChildProcess {
  const output = openLogFile(logPath);
  try {
    return spawn(process.execPath, [LAUNCHER, 'worker', logPath], {
      detached: true, windowsHide: true, cwd: '/', env: workerEnvironment(), stdio: ['ignore', output, output, 'ipc'],
    });
  } finally {
    closeSync(output);
  }
}

/** Comes once all that the worker said was heard; also of one that could not be started. */
async function endOf(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  if (child.connected) await once(child, 'disconnect');
}

function workerEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_CHANNEL_FD, NODE_CHANNEL_SERIALIZATION_MODE, ...environment } = withWholePaths(process.env);
  // On Node 20 the SDK would write a warning into the log.
  return { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...LEAN_ENVIRONMENT, ...environment };
}

function silent(patience: number): Problem {
  return new Problem('SESSION_FAILED', `the tunnel's process did not answer within ${Math.round(patience / 1000)} s`, { next: 'try again with --verbose' });
}

function died(): Problem {
  return new Problem('SESSION_FAILED', 'the tunnel was closed, or its process was ended, before it was open', { next: 'open it again' });
}
