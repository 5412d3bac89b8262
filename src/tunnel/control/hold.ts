import { connect } from 'node:net';
import type { ControlAnswer, HoldRequest, WorkerStatus } from './protocol';
import { readLine } from './read-line';

const ANSWER_TIMEOUT = 2_000;

/** A tunnel that is not to be closed by others who are done with it. It is held until it is let go, or this process ends. */
export interface Hold {
  /** Lets go. @returns what the worker says to it: `closing` where nobody else holds the tunnel and it was to be closed then */
  release(): Promise<WorkerStatus | undefined>;
  /** The same, without waiting for the answer. */
  drop(): void;
}

/** Holds a tunnel. @returns undefined where its worker does not answer, or is of the release before, which knows of no such thing */
export async function holdTunnel(controlPath: string, request: Omit<HoldRequest, 'op'>): Promise<Hold | undefined> {
  const socket = connect(controlPath);
  const drop = (): void => void socket.destroy();
  const say = async (line: object): Promise<WorkerStatus | undefined> => {
    const timer = setTimeout(drop, ANSWER_TIMEOUT);
    try {
      const answer = readLine(socket);
      socket.write(`${JSON.stringify(line)}\n`);
      const said = JSON.parse(await answer) as ControlAnswer;
      return 'status' in said ? said.status : undefined;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
  // That the worker ends is not for us to say: whoever uses the tunnel notices.
  socket.on('error', drop);
  if (await say({ op: 'hold', ...request } satisfies HoldRequest) === undefined) {
    drop();
    return undefined;
  }
  return { drop, release: async () => say({ op: 'release' }).finally(drop) };
}
