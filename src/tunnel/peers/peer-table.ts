import { setImmediate as nextTick } from 'node:timers/promises';
import { findSockets, type SocketEntry } from '../ports/proc-net';

/** What the kernel knows of the socket at the other end of a local connection. */
export interface Peer {
  /** Whose it is; 0 also where nobody holds it any more and the kernel has forgotten whose it was. */
  readonly uid: number;
  /** Whether a process still has it. */
  readonly isHeld: boolean;
}

/** Gives what is found of the sockets that are asked for, by name. */
export type Look = (names: ReadonlySet<string>) => Promise<ReadonlyMap<string, SocketEntry>>;

interface Question {
  readonly name: string;
  answer(peer: Peer | undefined): void;
  fail(error: unknown): void;
}

/** The peers of local connections. All who ask in one turn share a look, and who asks during a look waits for the next: it may have missed him. */
export class PeerTable {
  private questions: Question[] = [];
  private looking = false;

  constructor(private readonly look: Look = findSockets) {}

  /** @returns undefined when there is no such peer. Rejects when the table cannot be read. */
  find(name: string): Promise<Peer | undefined> {
    return new Promise((answer, fail) => {
      this.questions.push({ name, answer, fail });
      if (!this.looking) void this.answerAll();
    });
  }

  private async answerAll(): Promise<void> {
    this.looking = true;
    while (this.questions.length > 0) {
      await nextTick();
      await this.answer(this.questions.splice(0));
    }
    this.looking = false;
  }

  private async answer(questions: readonly Question[]): Promise<void> {
    try {
      const found = await this.look(new Set(questions.map(({ name }) => name)));
      for (const { name, answer } of questions) answer(peerOf(found.get(name)));
    } catch (error) {
      for (const { fail } of questions) fail(error);
    }
  }
}

function peerOf(entry: SocketEntry | undefined): Peer | undefined {
  return entry && { uid: entry.uid, isHeld: entry.inode !== '0' };
}
