import type { AwsContext } from '../../aws/context';
import { removeIfPossible } from '../../files';
import type { Store } from '../store';
import type { WorkerOrder } from '../worker/order';
import type { Deadline } from './deadline';
import { ENDING_PATIENCE, WorkerProcess } from './worker-process';

interface Waiting { readonly worker: WorkerProcess; readonly logPath: string }

/** The workers of one opening. The first may be started before it is known what for: it holds nothing yet but its log, and ends with us. */
export class Workers {
  private waiting?: Waiting;

  constructor(private readonly store: Store, private readonly context: AwsContext) {}

  /** Starts one that is ready when its order is. @throws Problem USAGE when its log cannot be had */
  prepare(): void {
    if (this.waiting) return;
    const logPath = this.store.newLogPath();
    this.waiting = { logPath, worker: new WorkerProcess(logPath, this.context.log) };
  }

  /**
   * Gives a worker its order, and waits until the port is open and a session carries it.
   * @throws Problem, and then nothing is left of it
   */
  async open(order: WorkerOrder, deadline: Deadline): Promise<WorkerProcess> {
    this.prepare();
    const waiting = this.waiting!;
    this.waiting = undefined;
    return instruct(waiting, order, deadline);
  }

  /** Ends the one that was not needed. */
  async discard(): Promise<void> {
    if (!this.waiting) return;
    const { worker, logPath } = this.waiting;
    this.waiting = undefined;
    await worker.discard();
    removeIfPossible(logPath);
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
