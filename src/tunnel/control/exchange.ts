import type { Socket } from 'node:net';
import type { ControlAnswer, WorkerStatus } from './protocol';
import { readLine } from './read-line';

/** Milliseconds that a worker has for an answer. */
export const ANSWER_TIMEOUT = 2_000;

/** What a worker of the release before, which an upgrade leaves running, does not say of itself. */
const OF_BEFORE: Pick<WorkerStatus, 'sessions'> = { sessions: [] };

/** Says a line to a worker, and hangs up when there is no answer in time. @returns its status, or undefined where it gave none */
export async function exchange(socket: Socket, line: object, timeout: number = ANSWER_TIMEOUT): Promise<WorkerStatus | undefined> {
  const timer = setTimeout(() => socket.destroy(), timeout);
  try {
    const answer = readLine(socket);
    socket.write(`${JSON.stringify(line)}\n`);
    return statusIn(await answer);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** The status in a line that a worker says; undefined where there is none. */
export function statusIn(line: string): WorkerStatus | undefined {
  try {
    const answer = JSON.parse(line) as ControlAnswer;
    return 'status' in answer ? { ...OF_BEFORE, ...answer.status } : undefined;
  } catch {
    return undefined;
  }
}
