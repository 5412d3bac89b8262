import { type AgentBehaviour, realBehaviour } from '../agent/behaviour';

export type Direction = 'toAgent' | 'toClient';
export type Cut = 'abrupt' | 'bye';

/** Probabilities, 0 to 1, of what happens to a frame. */
export interface Odds {
  drop: number;
  duplicate: number;
  /** The frame comes late, and those behind it overtake it. */
  reorder: number;
}

/** Each kind of frame has its own odds. Other kinds than these always arrive. */
export interface LineFaults {
  readonly data: Odds;
  readonly acks: Odds;
}

interface PlannedDrop {
  readonly direction: Direction;
  readonly kind: keyof LineFaults;
  left: number;
}

function lineFaults(): LineFaults {
  return { data: { drop: 0, duplicate: 0, reorder: 0 }, acks: { drop: 0, duplicate: 0, reorder: 0 } };
}

/** Everything that can be made to go wrong. Settable at any time; what it says is looked at when the moment comes. */
export class Faults {
  /** What every frame takes from one side to the other, in milliseconds each way; at least 1. */
  delay = 1;
  /** By how much a reordered frame is late, in milliseconds beyond the delay. */
  lateness = 5;
  readonly toAgent = lineFaults();
  readonly toClient = lineFaults();
  /** Each direction of each session draws from its own series, which starts with this. Read when a session opens. */
  seed = 1;
  /** How many WebSocket upgrades to come are refused, and with which status. */
  refuseUpgrades = 0;
  refusalStatus = 503;
  /** Seconds, said with a refusal: a Retry-After header. */
  refusalRetryAfter: number | undefined = undefined;
  /** How many WebSocket upgrades to come are never answered. */
  ignoreUpgrades = 0;
  /** Lets in a client that signs nothing, as the official one before 1.2.764 does not. */
  unsignedAllowed = false;
  /** Milliseconds that a client's socket lives, read when it is attached; 0 is for ever. */
  cutEvery = 0;
  cutHow: Cut = 'abrupt';
  /** What becomes of the agent's frames while a client is away that was there before. */
  whileAway: 'lost' | 'queued' = 'lost';
  /** Whether the service answers pings. */
  pongs = true;
  /** What a client sees when its instance stops. */
  stoppedInstance: 'channel_closed' | 'silence' = 'channel_closed';
  /** Sustained data messages a second that one direction of a session may carry; 0 is no limit, the real service's is said to be 1000. */
  packetsPerSecond = 0;
  readonly agent: AgentBehaviour = realBehaviour();
  private readonly plannedDrops: PlannedDrop[] = [];

  /** The same odds for both directions and both kinds. */
  setOdds(odds: Partial<Odds>): void {
    for (const line of [this.toAgent, this.toClient]) {
      Object.assign(line.data, odds);
      Object.assign(line.acks, odds);
    }
  }

  /** Drops the n-th frame of a kind from now on, counted from 1 over all sessions, resends included. */
  dropNth(direction: Direction, kind: keyof LineFaults, n: number): void {
    this.plannedDrops.push({ direction, kind, left: n });
  }

  /** Whether a planned drop strikes this frame. */
  takesPlannedDrop(direction: Direction, kind: keyof LineFaults): boolean {
    if (this.plannedDrops.length === 0) return false;
    const concerned = this.plannedDrops.filter((drop) => drop.direction === direction && drop.kind === kind);
    for (const drop of concerned) drop.left--;
    const due = concerned.filter((drop) => drop.left === 0);
    for (const drop of due) this.plannedDrops.splice(this.plannedDrops.indexOf(drop), 1);
    return due.length > 0;
  }
}
