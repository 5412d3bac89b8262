import type { Log } from '../../aws/context';
import { reasonOf } from '../../text';
import type { Store } from '../store';
import type { TunnelMeta } from '../store/meta';

/** Well within the 5 s in which a worker whose files no longer name it must have put them back or ended itself. */
const INTERVAL = 2_000;
/** Connections have all the handles there are: what the files say cannot even be read, until some of them end. */
const NO_HANDLES = ['EMFILE', 'ENFILE'];

export interface GuardedFiles {
  readonly store: Store;
  readonly hash: string;
  readonly log: Log;
  meta(): TunnelMeta;
  /** Whether the control channel can still be reached by its path. */
  isReachable(): boolean;
  makeReachable(): Promise<void>;
  /** The files cannot be kept: without them nobody could find the tunnel, or close it. */
  lost(reason: string): void;
}

/** Sees to it that the tunnel's files name this worker for as long as it lives. */
export class FileGuard {
  private timer?: NodeJS.Timeout;
  private checking = false;
  /** Whether the files name us, and say what was so before the disk took no more. */
  private isBehind = false;

  constructor(private readonly files: GuardedFiles) {}

  start(): void {
    this.timer = setInterval(() => void this.check(), INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /**
   * Writes the files as they now must be. Where that cannot be done, old ones will do as long as they name us: they are written when they can be.
   * @throws Problem USAGE when there are none
   */
  write(): void {
    const { store, hash, log } = this.files;
    const meta = this.files.meta();
    try {
      store.write(hash, process.pid, meta);
    } catch (error) {
      if (!isForWantOfHandles(error) && !store.identifies(hash, meta.worker)) throw error;
      if (!this.isBehind) log.warn(`the tunnel goes on, with files that are out of date: ${reasonOf(error)}`);
      this.isBehind = true;
      return;
    }
    if (this.isBehind) log.info('the files of this tunnel are up to date again');
    this.isBehind = false;
  }

  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    const { store, hash, log, lost } = this.files;
    try {
      if (store.names(hash, process.pid, this.files.meta())) {
        this.isBehind = false;
      } else {
        if (!this.isBehind) log.warn('the files of this tunnel were changed or removed: putting them back');
        this.write();
      }
      if (!this.files.isReachable()) {
        log.warn('the control channel of this tunnel was removed: opening it again');
        await this.files.makeReachable();
      }
    } catch (error) {
      lost(`its files cannot be kept: ${reasonOf(error)}`);
    } finally {
      this.checking = false;
    }
  }
}

function isForWantOfHandles(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return NO_HANDLES.includes(code ?? '');
}
