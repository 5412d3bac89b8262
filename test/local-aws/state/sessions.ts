import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { SessionLimits } from '../gateway/limits';
import { isSamePlace, type Place } from '../place';
import type { PortProperties } from './session-document';

export type SessionStatus = 'Connecting' | 'Connected' | 'Terminated';

export interface Session extends Place {
  readonly id: string;
  readonly target: string;
  readonly documentName: string;
  readonly owner: string;
  readonly reason?: string;
  readonly properties: PortProperties;
  readonly limits?: SessionLimits;
  readonly startedAt: Date;
  endedAt?: Date;
  readonly history: { readonly status: SessionStatus; readonly at: Date }[];
}

export type SessionDraft = Omit<Session, 'id' | 'startedAt' | 'endedAt' | 'history'> & { readonly sessionName: string };

/** All sessions there ever were, and how each of them went. */
export class Sessions extends EventEmitter<{ started: [Session]; changed: [Session] }> {
  readonly #sessions: Session[] = [];

  /** Sessions bear the name of who started them, then 17 digits. */
  add({ sessionName, ...draft }: SessionDraft): Session {
    const session: Session = { ...draft, id: `${sessionName}-${randomBytes(9).toString('hex').slice(1)}`, startedAt: new Date(), history: [] };
    this.#sessions.push(session);
    this.#enter(session, 'Connecting');
    this.emit('started', session);
    return session;
  }

  markConnected(id: string): void {
    const session = this.find(id);
    if (session !== undefined && statusOf(session) === 'Connecting') this.#enter(session, 'Connected');
  }

  markTerminated(id: string): void {
    const session = this.find(id);
    if (session === undefined || statusOf(session) === 'Terminated') return;
    session.endedAt = new Date();
    this.#enter(session, 'Terminated');
  }

  find(id: string): Session | undefined {
    return this.#sessions.find((session) => session.id === id);
  }

  in(place: Place): Session[] {
    return this.#sessions.filter((session) => isSamePlace(session, place));
  }

  all(): readonly Session[] {
    return this.#sessions;
  }

  /** Those that nobody has ended. */
  open(): Session[] {
    return this.#sessions.filter((session) => statusOf(session) !== 'Terminated');
  }

  #enter(session: Session, status: SessionStatus): void {
    session.history.push({ status, at: new Date() });
    this.emit('changed', session);
  }
}

export function statusOf(session: Session): SessionStatus {
  return session.history.at(-1)!.status;
}
