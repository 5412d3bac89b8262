import type { Socket } from 'node:net';
import type { Log } from '../../../aws/context';
import type { ProcessIdentity } from '../../process-identity';
import type { Carrier } from '../../transport/carrier';
import type { SessionStatus, Traffic } from '../../tunnel';
import type { Addresses } from './address-watch';
import { Lane } from './lane';

/** Milliseconds until a lane without connections is ended; the last one stays. */
const IDLE_LANE = 60_000;
const MEASURE_EVERY = 500;
/** Milliseconds after which the log says that the agent is stuck. */
const SAY_BLOCKED_AFTER = 10_000;

export interface LanesOptions {
  readonly log: Log;
  /** The sessions that are open have changed. */
  changed(): void;
  /** A session ended by itself. @param age milliseconds for which it had been open */
  lost(reason: string, age: number): void;
  /** Called again and again while there are connections. */
  measured(): void;
}

/** The lanes that there are: measures them while they carry something, ends those that are idle or retired, remembers what was carried. */
export class Lanes {
  private readonly lanes = new Set<Lane>();
  private readonly ofEnded = { in: 0, out: 0, reconnects: 0 };
  private readonly saidBlocked = new WeakSet<Lane>();
  private measuring?: NodeJS.Timeout;

  constructor(private readonly options: LanesOptions) {}

  get all(): Lane[] {
    return [...this.lanes];
  }

  /** Those that new connections may go to. */
  get takers(): Lane[] {
    return this.all.filter(({ takesMore }) => takesMore);
  }

  get sessionIds(): string[] {
    return this.all.map(({ carrier }) => carrier.id);
  }

  /** Programs that carry sessions for us, and must not outlive us. */
  get children(): ProcessIdentity[] {
    return this.all.flatMap(({ carrier }) => carrier.child ?? []);
  }

  get sessions(): SessionStatus[] {
    return this.all.map(({ status }) => status);
  }

  /** How often a session had to be resumed, or another took the place of one that had ended. */
  get reconnects(): number {
    return this.all.reduce((sum, { carrier }) => sum + (carrier.reconnects ?? 0), this.ofEnded.reconnects);
  }

  get traffic(): Traffic {
    const { in: received, out: sent } = this.ofEnded;
    return this.all.reduce((sum, { traffic }) => ({ in: sum.in + traffic.in, out: sum.out + traffic.out }), { in: received, out: sent });
  }

  add(carrier: Carrier, addresses: Promise<Addresses | undefined>): Lane {
    const lane: Lane = new Lane(carrier, addresses, () => this.emptied(lane));
    this.lanes.add(lane);
    this.options.changed();
    this.endWhenIdle(lane);
    void carrier.ended.then(async ({ reason }) => this.ended(lane, reason));
    return lane;
  }

  forward(socket: Socket, lane: Lane): void {
    this.measuring ??= setInterval(() => this.measure(), MEASURE_EVERY).unref();
    lane.forward(socket);
  }

  /** Gives a lane no more connections, and ends it with the last one that it has. */
  retire(lane: Lane): void {
    lane.isRetired = true;
    if (lane.count === 0) void lane.carrier.close();
  }

  /** Ends all, whatever they carry. */
  async close(): Promise<void> {
    await Promise.all(this.all.map(async ({ carrier }) => carrier.close()));
  }

  private async ended(lane: Lane, reason: string): Promise<void> {
    const { log, changed, lost } = this.options;
    if (!lane.isRetired) {
      this.ofEnded.reconnects++;
      lost(reason, lane.age);
    }
    log.info(`session ${lane.carrier.id} ended: ${reason}`);
    // It may have ended here only, as when a program that carried it was killed.
    await lane.carrier.close();
    this.lanes.delete(lane);
    this.ofEnded.in += lane.traffic.in;
    this.ofEnded.out += lane.traffic.out;
    this.ofEnded.reconnects += lane.carrier.reconnects ?? 0;
    changed();
  }

  private emptied(lane: Lane): void {
    if (lane.isRetired) this.retire(lane);
    else this.endWhenIdle(lane);
    if (this.all.some(({ count }) => count > 0)) return;
    clearInterval(this.measuring);
    this.measuring = undefined;
  }

  private endWhenIdle(lane: Lane): void {
    clearTimeout(lane.idleTimer);
    lane.idleTimer = setTimeout(() => {
      if (!lane.takesMore || lane.count > 0 || this.takers.length < 2) return;
      this.options.log.debug(`session ${lane.carrier.id} is idle and not the only one: ending it`);
      this.retire(lane);
    }, IDLE_LANE).unref();
  }

  private measure(): void {
    for (const lane of this.lanes) {
      lane.measure();
      this.sayIfBlocked(lane);
    }
    this.options.measured();
  }

  private sayIfBlocked(lane: Lane): void {
    if (lane.blockedFor < SAY_BLOCKED_AFTER || this.saidBlocked.has(lane)) return;
    this.saidBlocked.add(lane);
    this.options.log.warn(`a connection to the target has had no answer for ${SAY_BLOCKED_AFTER / 1000} s: later ones in session ${lane.carrier.id} wait behind it`);
  }
}
