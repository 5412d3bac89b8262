import { connect } from 'node:net';
import type { ControlAnswer, ControlRequest, WorkerStatus } from './protocol';
import { readLine } from './read-line';

const ANSWER_TIMEOUT = 2_000;
/** What a worker of the release before, which an upgrade leaves running, does not say of itself. */
const OF_BEFORE: Pick<WorkerStatus, 'sessions'> = { sessions: [] };

/**
 * Asks a worker.
 * @returns its status after the request, or undefined when it does not answer in time
 */
export async function askWorker(controlPath: string, request: ControlRequest, timeout: number = ANSWER_TIMEOUT): Promise<WorkerStatus | undefined> {
  const socket = connect(controlPath);
  const timer = setTimeout(() => socket.destroy(), timeout);
  try {
    const line = readLine(socket);
    socket.write(`${JSON.stringify(request)}\n`);
    const answer = JSON.parse(await line) as ControlAnswer;
    return 'status' in answer ? { ...OF_BEFORE, ...answer.status } : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
