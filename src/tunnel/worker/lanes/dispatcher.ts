import type { Socket } from 'node:net';
import { setImmediate as soon, setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { reasonOf } from '../../../text';
import type { ResolvedTarget } from '../../tunnel';
import { AddressWatch } from './address-watch';
import { chooseLane } from './choose-lane';
import type { Lane } from './lane';
import { Lanes } from './lanes';
import { type OpenerOptions, SessionOpener, type Trouble } from './session-opener';

/** Milliseconds that a connection waits for a session when there is none: a bastion may have to be started. */
const ON_DEMAND_TIMEOUT = 180_000;
/** Milliseconds that a connection waits for a lane of its own while there is one that it could share. */
const OWN_LANE_PATIENCE = 5_000;
/** Sessions at most, with those that are left to the connections they have: each is a process on the bastion. */
const MOST_SESSIONS = 24;

export interface DispatcherOptions extends OpenerOptions {
  /** How many sessions take new connections at once. */
  readonly most: number;
  readonly addresses?: AddressWatch;
  /** The sessions that are open, the instance they are on, or what is known of the target has changed. */
  changed(): void;
}

/**
 * Gives each connection a session. There is one as soon as it is needed, and others while several connections are busy, so that a bulk transfer
 * and a query do not share a queue. A connection stays on its lane.
 */
export class Dispatcher {
  readonly lanes: Lanes;
  private most: number;
  private readonly opener: SessionOpener;
  private readonly addresses: AddressWatch;
  /** The one opening that all wait for while there is no session at all. */
  private first?: Promise<Lane>;
  private renewal?: Promise<Lane | undefined>;
  /** Lanes that are being opened beside those that there are. */
  private readonly underWay = new Set<Promise<Lane | undefined>>();
  private ending?: Trouble;
  /** How often the bastion was found to have been down: of several who waited for it, the first breaks off what was before. */
  private comebacks = 0;

  constructor(private readonly options: DispatcherOptions) {
    this.most = options.most;
    this.opener = new SessionOpener(options);
    this.addresses = options.addresses ?? new AddressWatch();
    this.lanes = new Lanes({
      log: options.log,
      changed: options.changed,
      lost: (reason, age) => this.lost(reason, age),
      measured: () => this.replaceDeaf(),
    });
  }

  get target(): ResolvedTarget {
    return this.opener.target;
  }

  get instanceId(): string {
    return this.opener.instanceId;
  }

  /** Why there is no session now, or why the last one could not be opened. */
  get trouble(): Trouble | undefined {
    return this.opener.trouble ?? (this.lanes.takers.length === 0 ? this.ending : undefined);
  }

  /** Whether AWS does not give us a session, or not let us have one back. */
  get isRefused(): boolean {
    return this.opener.trouble !== undefined || this.lanes.all.some(({ carrier }) => carrier.trouble !== undefined);
  }

  /** Until there is a session. @param deadline epoch milliseconds */
  async open(deadline: number): Promise<void> {
    await this.anyLane(deadline);
  }

  /**
   * Carries a connection.
   * @param deadline epoch milliseconds until which it waits for a session
   * @throws Problem when there is no session to carry it
   */
  async carry(socket: Socket, deadline: number = Date.now() + ON_DEMAND_TIMEOUT): Promise<void> {
    await this.anyLane(deadline, true);
    await this.renew();
    const choice = chooseLane(this.lanes.takers);
    const own = choice?.isShared ? await this.ownLane() : undefined;
    const lane = own?.takesMore ? own : chooseLane(this.lanes.takers)?.lane;
    if (socket.destroyed) return undefined;
    if (!lane) return this.carry(socket, deadline);
    return this.lanes.forward(socket, lane);
  }

  /** From now on sessions go to where the target now is. Those that stand are kept for the connections they have. */
  use(target: ResolvedTarget): void {
    const { target: before } = this;
    if (!this.opener.use(target)) {
      if (!isDeepStrictEqual(before, target)) this.options.changed();
      return;
    }
    this.first = undefined;
    for (const lane of this.lanes.all) this.lanes.retire(lane);
    this.options.changed();
  }

  /** As many sessions take new connections from now on; more than that are kept until they are idle. */
  limitTo(most: number): void {
    this.most = most;
  }

  /** What was refused may work now: nothing is waited out. */
  retry(): void {
    this.opener.gate.reset();
    for (const { carrier } of this.lanes.all) carrier.retry?.();
  }

  async close(why: string): Promise<void> {
    await Promise.all([this.opener.stop(why), this.lanes.close()]);
    // One may have come just before.
    await this.lanes.close();
  }

  /** Opens the first session, the same for all who wait for one. */
  private async anyLane(deadline: number, outlastsTrouble = false): Promise<Lane> {
    const [open] = this.lanes.takers;
    if (open) return open;
    if (this.first) return this.first;
    const first = this.openLane(deadline, outlastsTrouble);
    this.first = first;
    try {
      return await first;
    } finally {
      if (this.first === first) this.first = undefined;
    }
  }

  /** Another lane, where there may be one and it comes soon enough. Otherwise nothing, once those that are being opened are there. */
  private async ownLane(): Promise<Lane | undefined> {
    const mayOpen = this.lanes.takers.length + this.underWay.size < this.most && this.hasRoom;
    const another = mayOpen ? this.openAnother() : this.othersAreOpen();
    return Promise.race([another, sleep(OWN_LANE_PATIENCE, undefined, { ref: false })]);
  }

  /** Those for whom they were opened come first. */
  private async othersAreOpen(): Promise<undefined> {
    await Promise.all(this.underWay);
    await soon();
  }

  /** Never rejects: where another cannot be opened, one goes on with those that there are. */
  private async openAnother(): Promise<Lane | undefined> {
    const opening = this.openLane(Date.now() + ON_DEMAND_TIMEOUT).catch((error) => {
      if (!this.opener.isStopped) this.options.log.info(`another session could not be opened: ${reasonOf(error)}`);
      return undefined;
    });
    this.underWay.add(opening);
    const lane = await opening;
    this.underWay.delete(opening);
    return lane;
  }

  private async openLane(deadline: number, outlastsTrouble = false): Promise<Lane> {
    const addresses = this.addresses.addressesOf(this.target.host);
    const { comebacks } = this;
    const { carrier, isAnew } = await this.opener.open(deadline, outlastsTrouble);
    if (isAnew && comebacks === this.comebacks) this.breakOffAll();
    this.ending = undefined;
    this.options.log.debug(`session ${carrier.id} is open on ${this.instanceId}`);
    return this.lanes.add(carrier, addresses);
  }

  /** A name may lead elsewhere by now: another session resolves it anew. Where there is no way to get another, one goes on with the old. */
  private async renew(): Promise<void> {
    const judged = await Promise.all(this.lanes.takers.map(async (lane) => ({ lane, is: await this.addresses.judge(this.target.host, lane) })));
    if (judged.length === 0) return;
    const stale = judged.flatMap(({ lane, is }) => is === 'stale' ? lane : []);
    if (judged.every(({ is }) => is !== 'fresh') && this.hasRoom) {
      this.renewal ??= this.openAnother().finally(() => { this.renewal = undefined; });
      if (stale.length === judged.length) await this.renewal;
    }
    if (this.lanes.takers.some((lane) => !stale.includes(lane))) stale.forEach((lane) => this.lanes.retire(lane));
  }

  private get hasRoom(): boolean {
    return this.lanes.all.length + this.underWay.size < MOST_SESSIONS && this.opener.gate.closedFor === 0;
  }

  /** The bastion has been down since: whatever its old sessions carried is lost, even if nobody has said so. */
  private breakOffAll(): void {
    this.comebacks++;
    void this.lanes.close();
  }

  private lost(reason: string, age: number): void {
    if (this.opener.isStopped) return;
    this.ending = { message: `the session ended: ${reason}` };
    this.opener.gate.ended(age);
  }

  /**
   * Those who wait in a session whose agent is gone would wait for ever. Asking for another shows whether the bastion is down, starts it,
   * and then they are broken off.
   */
  private replaceDeaf(): void {
    const waiting = this.lanes.all.some(({ carrier, count }) => carrier.isDeaf && count > 0);
    if (!waiting || this.lanes.takers.length > 0 || this.first || !this.hasRoom) return;
    this.anyLane(Date.now() + ON_DEMAND_TIMEOUT).catch((error) => this.options.log.debug(`no session takes the place of a deaf one: ${reasonOf(error)}`));
  }
}
