import { MESSAGE_TYPES, readType } from '../../../src/session/wire/message';
import { Agent } from '../agent/agent';
import type { PortProperties } from '../agent/port-session';
import type { ResolveHost } from '../agent/target';
import type { AgentTiming } from '../agent/timing';
import type { ClientSocket } from './client-socket';
import type { Counters } from './counters';
import type { Cut, Faults } from './faults';
import { FaultyLine } from './faulty-line';
import { type FrameKind, frameKind } from './frame-kind';
import { type Clock, LIMIT_OUTPUTS, LimitWatch, type SessionLimits } from './limits';
import { PacketLimiter } from './packet-limiter';
import { channelClosed, serviceMessage } from './service-message';

/** How long the limiter keeps an agent paused, in milliseconds. */
const PAUSE = 1000;

/** A session as StartSession made it. */
export interface ChannelOpening {
  readonly sessionId: string;
  readonly token: string;
  readonly instanceId: string;
  readonly properties: PortProperties;
  /** @default - none */
  readonly limits?: SessionLimits;
}

export interface ChannelOptions {
  readonly opening: ChannelOpening;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly timing: AgentTiming;
  readonly clock: Clock;
  readonly resolveHost: ResolveHost;
  readonly ended: (reason: string) => void;
}

/** The service's part in one session: it joins a client, who may come and go, with the agent. */
export class Channel {
  private token?: string;
  private client?: ClientSocket;
  private metClient = false;
  private over = false;
  /** Frames for a client that is not there. */
  private kept: Buffer[] = [];
  private readonly agent: Agent;
  private readonly toAgent: FaultyLine;
  private readonly toClient: FaultyLine;
  private readonly limiters = { toAgent: new PacketLimiter(), toClient: new PacketLimiter() };
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly watch: LimitWatch;

  constructor(private readonly options: ChannelOptions) {
    const { opening, faults, counters, timing, clock, resolveHost } = options;
    this.token = opening.token;
    this.toAgent = new FaultyLine({
      direction: 'toAgent', faults, counters: counters.toAgent, deliver: (frames) => frames.forEach((frame) => this.agent.receive(frame)),
    });
    this.toClient = new FaultyLine({
      direction: 'toClient', faults, counters: counters.toClient, deliver: (frames) => this.deliverToClient(frames),
    });
    this.agent = new Agent({
      sessionId: opening.sessionId,
      properties: opening.properties,
      timing,
      behaviour: faults.agent,
      resolveHost,
      transmit: (frame) => this.fromAgent(frame),
      congested: () => this.client?.congested ?? false,
      malformed: () => counters.malformed++,
      ended: (reason, output) => this.end(reason, output),
    });
    this.watch = new LimitWatch(opening.limits ?? {}, clock, (limit) => this.end(limit, LIMIT_OUTPUTS[limit]));
  }

  get instanceId(): string {
    return this.options.opening.instanceId;
  }

  start(): void {
    this.agent.start();
  }

  /** A fresh token, in place of one that nobody used. */
  reissue(token: string): void {
    this.token = token;
  }

  /** Takes the token if it is the one that was issued last and nobody has used. */
  redeem(token: string): boolean {
    const valid = token === this.token;
    if (valid) this.token = undefined;
    return valid;
  }

  /** A client that has shown its token; it takes the place of any other. */
  attach(client: ClientSocket): void {
    const { cutEvery, cutHow } = this.options.faults;
    this.client?.cut('bye');
    this.client = client;
    this.metClient = true;
    client.listen((frame) => this.fromClient(frame), () => this.detach(client));
    client.send(this.kept.splice(0));
    if (cutEvery > 0) this.timers.push(setTimeout(() => client === this.client && this.cut(cutHow), cutEvery));
  }

  cut(how: Cut): void {
    if (!this.client) return;
    this.options.counters.cuts++;
    this.client.cut(how);
    this.client = undefined;
  }

  silence(): void {
    this.client?.silence();
  }

  /** Looks whether the session has lasted too long. */
  checkLimits(): void {
    this.watch.look();
  }

  /** Has the service say something, to whichever side. */
  announce(to: 'agent' | 'client', type: string): void {
    (to === 'agent' ? this.toAgent : this.toClient).carry(serviceMessage(type));
  }

  /** The session is over for both sides, and the client is told. */
  end(reason: string, output: string): void {
    if (this.over) return;
    this.toClient.carry(channelClosed(this.options.opening.sessionId, output));
    this.stop(reason);
  }

  /** The session is over, and nobody says so: the client's socket stays as it is. */
  stop(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.watch.close();
    this.agent.close();
    this.options.ended(reason);
  }

  close(): void {
    this.over = true;
    this.watch.close();
    this.agent.close();
    this.toAgent.clear();
    this.toClient.clear();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private detach(client: ClientSocket): void {
    if (this.client === client) this.client = undefined;
  }

  private fromClient(frame: Buffer): void {
    const { counters, faults } = this.options;
    const kind = frameKind(frame);
    this.note(kind);
    if (kind === 'data' && this.limiters.toAgent.exceeds(faults.packetsPerSecond)) {
      counters.limited++;
      this.client?.cut('bye');
      return;
    }
    this.toAgent.carry(frame, kind);
  }

  private fromAgent(frame: Buffer): void {
    // What an agent says of its state is for the service alone.
    if (this.over || readType(frame) === 'agent_session_state') return;
    const { counters, faults } = this.options;
    const kind = frameKind(frame);
    this.note(kind);
    if (kind === 'data' && this.limiters.toClient.exceeds(faults.packetsPerSecond)) {
      counters.pauses++;
      this.announce('agent', MESSAGE_TYPES.PAUSE);
      this.timers.push(setTimeout(() => this.announce('agent', MESSAGE_TYPES.START), PAUSE));
    }
    this.toClient.carry(frame, kind);
  }

  /** Acknowledgements and pings do not keep a session from being idle. */
  private note(kind: FrameKind): void {
    if (kind === 'data') this.watch.touch();
  }

  /** Before the client has come for the first time the service keeps what there is for it. */
  private deliverToClient(frames: Buffer[]): void {
    if (this.client) this.client.send(frames);
    else if (!this.metClient || this.options.faults.whileAway === 'queued') this.kept.push(...frames);
    else this.options.counters.toClient.lost += frames.length;
    if (frames.some((frame) => readType(frame) === MESSAGE_TYPES.CHANNEL_CLOSED)) this.client?.cut('bye');
  }
}
