import type { AwsContext } from '../../aws/context';
import type { Store } from '../store';
import { removeIfPossible } from '../store/whole-file';
import type { WorkerOrder } from '../worker/order';
import type { Deadline } from './deadline';
import { ENDING_PATIENCE, FlagRefused, WorkerProcess } from './worker-process';

/** A worker idles all day: memory counts for more than speed. */
const LEAN_FLAGS = ['--max-semi-space-size=2', '--optimize-for-size'];

interface Waiting { readonly worker: WorkerProcess; readonly logPath: string }

/** The workers of one opening. The first may be started before it is known what for: it holds nothing yet but its log, and ends with us. */
export class Workers {
  private waiting?: Waiting;

  constructor(private readonly store: Store, private readonly context: AwsContext) {}

  /** Starts one that is ready when its order is. @throws Problem USAGE when its log cannot be had */
  prepare(): void {
    this.waiting ??= this.start(LEAN_FLAGS);
  }

  /**
   * Gives a worker its order, and waits until the port is open and a session carries it.
   * @throws Problem, and then nothing is left of it
   */
  async open(order: WorkerOrder, deadline: Deadline): Promise<WorkerProcess> {
    this.prepare();
    const waiting = this.waiting!;
    this.waiting = undefined;
    try {
      return await instruct(waiting, order, deadline);
    } catch (error) {
      if (!(error instanceof FlagRefused)) throw error;
      return instruct(this.start([]), order, deadline);
    }
  }

  /** Ends the one that was not needed. */
  async discard(): Promise<void> {
    if (!this.waiting) return;
    const { worker, logPath } = this.waiting;
    this.waiting = undefined;
    await worker.discard();
    removeIfPossible(logPath);
  }

  private start(flags: readonly string[]): Waiting {
    const logPath = this.store.newLogPath();
    return { logPath, worker: new WorkerProcess(flags, logPath, this.context.log) };
  }
}

async function instruct({ worker, logPath }: Waiting, order: WorkerOrder, deadline: Deadline): Promise<WorkerProcess> {
  try {
    worker.say(order);
    // The worker keeps to the same deadline and knows better what it was waiting for; it is given a moment to say so.
    await worker.hear('ready', deadline.interruption, deadline.left + ENDING_PATIENCE);
    return worker;
  } catch (error) {
    await worker.dismiss();
    throw error;
  } finally {
    // By then it has the name of the tunnel, unless the worker did not come that far.
    removeIfPossible(logPath);
  }
}
