import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { ANSWER_TIMEOUT, statusIn } from './exchange';
import type { WorkerStatus } from './protocol';

/**
 * Is told by a worker what becomes of its tunnel, until one side ends.
 * @returns whether it was told anything: a worker of the release before does not know how
 */
export async function watchWorker(controlPath: string, told: (status: WorkerStatus) => void, signal: AbortSignal): Promise<boolean> {
  const socket = connect(controlPath);
  const closed = new Promise<void>((resolve) => { socket.on('error', () => undefined).once('close', () => resolve()); });
  const end = (): void => void socket.destroy();
  const timer = setTimeout(end, ANSWER_TIMEOUT);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let heard = false;
  createInterface(socket).on('error', end).on('line', (line) => {
    const status = statusIn(line);
    if (status === undefined) return end();
    clearTimeout(timer);
    heard = true;
    told(status);
  });
  socket.write(`${JSON.stringify({ op: 'watch' })}\n`);
  await closed;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  return heard;
}
