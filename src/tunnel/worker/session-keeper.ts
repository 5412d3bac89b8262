import type { Log } from '../../aws/context';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import type { ProcessIdentity } from '../process-identity';
import type { Carrier } from '../transport/carrier';
import type { ResolvedTarget } from '../tunnel';

/** Milliseconds that a connection waits for a session when there is none: a bastion may have to be started. */
const ON_DEMAND_TIMEOUT = 180_000;
/** Milliseconds between looks at a session that is left to the connections it has. */
const RETIREMENT_LOOK = 1_000;

export interface KeeperOptions {
  readonly target: ResolvedTarget;
  readonly instanceId: string;
  readonly log: Log;
  open(target: ResolvedTarget, instanceId: string, deadline: number, signal: AbortSignal): Promise<{ carrier: Carrier; instanceId: string }>;
  /** The sessions that are open, or the instance they are on, have changed. */
  changed(): void;
}

/** Has a session when one is needed: opens it, forgets it when it is over, and opens the next on demand. */
export class SessionKeeper {
  target: ResolvedTarget;
  instanceId: string;
  lastError?: string;
  private current?: Carrier;
  private opening?: Promise<Carrier>;
  /** Counts where the target was found to be: a session that is opened to where it was is not taken. */
  private way = 0;
  private readonly carriers = new Set<Carrier>();
  private readonly openings = new Set<Promise<Carrier>>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: KeeperOptions) {
    this.target = options.target;
    this.instanceId = options.instanceId;
  }

  get sessionIds(): string[] {
    return [...this.carriers].map(({ id }) => id);
  }

  /** Programs that carry sessions for us, and must not outlive us. */
  get children(): ProcessIdentity[] {
    return [...this.carriers].flatMap(({ child }) => child ?? []);
  }

  get sessionId(): string | undefined {
    return this.current?.isOpen ? this.current.id : undefined;
  }

  /** The open session; else a new one, the same for all who wait for it. */
  async carrier(deadline: number = Date.now() + ON_DEMAND_TIMEOUT): Promise<Carrier> {
    if (this.current?.isOpen) return this.current;
    return this.opening ?? this.startOpening(deadline);
  }

  /** From now on sessions go to where the target now is. The one that stands is kept for the connections it has. */
  use(target: ResolvedTarget): void {
    const moved = !isSameWay(this.target, target);
    this.target = target;
    if (!moved) return;
    this.way++;
    this.opening = undefined;
    this.instanceId = target.bastion.instanceId ?? this.instanceId;
    const old = this.current;
    this.current = undefined;
    this.options.log.info(`the target is now ${target.host}:${target.port} by ${this.instanceId}: new connections go there`);
    if (old) retire(old);
    this.options.changed();
  }

  async close(why: string): Promise<void> {
    this.stopping.abort(new Problem('SESSION_FAILED', `the tunnel was closed (${why})`, { next: 'open it again' }));
    await Promise.allSettled(this.openings);
    await Promise.all([...this.carriers].map(async (carrier) => carrier.close()));
  }

  private async startOpening(deadline: number): Promise<Carrier> {
    const opening = this.open(deadline);
    this.opening = opening;
    this.openings.add(opening);
    try {
      return await opening;
    } finally {
      this.openings.delete(opening);
      if (this.opening === opening) this.opening = undefined;
    }
  }

  private async open(deadline: number): Promise<Carrier> {
    const { way } = this;
    try {
      const { carrier, instanceId } = await this.options.open(this.target, this.instanceId, deadline, this.stopping.signal);
      if (way !== this.way) {
        await carrier.close();
        return await this.carrier(deadline);
      }
      this.instanceId = instanceId;
      this.take(carrier);
      if (this.stopping.signal.aborted) {
        await carrier.close();
        throw this.stopping.signal.reason;
      }
      return carrier;
    } catch (error) {
      // What is stopped says in many words that it was; the reason is ours.
      const reason: unknown = this.stopping.signal.aborted ? this.stopping.signal.reason : error;
      this.lastError = reasonOf(reason);
      throw reason;
    }
  }

  private take(carrier: Carrier): void {
    this.carriers.add(carrier);
    this.current = carrier;
    this.lastError = undefined;
    this.options.log.debug(`session ${carrier.id} is open on ${this.instanceId}`);
    this.options.changed();
    void carrier.ended.then(async ({ reason }) => {
      if (this.current === carrier) {
        this.current = undefined;
        if (!this.stopping.signal.aborted) this.lastError = `the session ended: ${reason}`;
      }
      this.options.log.info(`session ${carrier.id} ended: ${reason}`);
      // It may have ended here only, as when a program that carried it was killed.
      await carrier.close();
      this.carriers.delete(carrier);
      this.options.changed();
    });
  }
}

/** Closes a session when the last of its connections is done. */
function retire(carrier: Carrier): void {
  const look = setInterval(() => {
    if (carrier.isOpen && carrier.openStreams > 0) return;
    clearInterval(look);
    void carrier.close();
  }, RETIREMENT_LOOK).unref();
}

function isSameWay(one: ResolvedTarget, other: ResolvedTarget): boolean {
  return one.host === other.host && one.port === other.port && one.document.name === other.document.name
    && (other.bastion.instanceId === undefined || one.bastion.instanceId === other.bastion.instanceId);
}
