import { connect } from 'node:net';
import { exchange } from './exchange';
import type { ControlRequest, WorkerStatus } from './protocol';

/**
 * Asks a worker.
 * @param timeout milliseconds. @default - that of every answer
 * @returns its status after the request, or undefined when it does not answer in time
 */
export async function askWorker(controlPath: string, request: ControlRequest, timeout?: number): Promise<WorkerStatus | undefined> {
  const socket = connect(controlPath);
  try {
    return await exchange(socket, request, timeout);
  } finally {
    socket.destroy();
  }
}
