import type { Log } from '../../aws/context';
import { reasonOf } from '../../text';
import type { Store } from '../store';
import type { TunnelMeta } from '../store/meta';

/** Well within the 5 s in which a worker whose files no longer name it must have put them back or ended itself. */
const INTERVAL = 2_000;

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

  constructor(private readonly files: GuardedFiles) {}

  start(): void {
    this.timer = setInterval(() => void this.check(), INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Writes the files as they now must be. */
  write(): void {
    const { store, hash, meta } = this.files;
    store.write(hash, process.pid, meta());
  }

  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    const { store, hash, log, lost } = this.files;
    try {
      if (!store.names(hash, process.pid, this.files.meta())) {
        log.warn('the files of this tunnel were changed or removed: putting them back');
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
