import { realpathSync } from 'node:fs';
import { acquireFileLock } from './file-lock';
import { acquireSocketLock } from './socket-lock';

export interface LockHolder {
  readonly pid?: number;
}

export interface LockRequest {
  /** The folder that the lock is of: another folder, another lock. */
  readonly dir: string;
  readonly key: string;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Called once, when another has the lock. */
  readonly onWait?: (holder: LockHolder) => void;
}

export type Release = () => Promise<void>;

/**
 * Takes a lock, and waits for it where another has it. The kernel gives it free when its holder dies, however it dies.
 * @throws the signal's reason
 */
export async function acquireLock(request: LockRequest): Promise<Release> {
  const own = { ...request, dir: realpathSync(request.dir) };
  return process.platform === 'darwin' ? acquireFileLock(own) : acquireSocketLock(own);
}
