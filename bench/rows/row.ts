import type { Measured } from '../figures';
import type { FixtureMethods } from '../support/fixture-process';
import type { Helper } from '../support/helper';
import type { TargetMethods } from '../support/target-process';
import type { Tunnel, Tunnels } from '../support/tunnels';

/** The clients that are measured. */
export type Subject = 'ours' | 'official';

const OFFICIAL = ['--transport', 'aws-cli'];

/** Flags that a tunnel is opened with, by client; one that has none does not go that way. */
export interface Way {
  readonly flags: Partial<Record<Subject, readonly string[]>>;
  /** What the service takes from one session. */
  readonly packetsPerSecond: number;
}

/** What the real service is said to take. */
const SERVICE_LIMIT = 1000;
const NO_LIMIT = 0;

export const WAYS = {
  usual: { flags: { ours: [], official: OFFICIAL }, packetsPerSecond: SERVICE_LIMIT },
  eightLanes: { flags: { ours: ['--lanes', '8'], official: OFFICIAL }, packetsPerSecond: SERVICE_LIMIT },
  unpaced: { flags: { ours: ['--packets-per-second', '0'] }, packetsPerSecond: NO_LIMIT },
} satisfies Record<string, Way>;

/** How long things are measured, in milliseconds. */
export interface Durations {
  /** Until what was started has come up to speed. */
  readonly warm: number;
  readonly measure: number;
}

/** What a row measures with. */
export interface Scene extends Durations {
  readonly fixture: Helper<FixtureMethods>;
  readonly target: Helper<TargetMethods>;
  readonly tunnels: Tunnels;
  /** A tunnels folder in which fifty tunnels are open. */
  readonly crowd: string;
  /** Milliseconds of added round trip. */
  readonly roundTrip: number;
  readonly signal: AbortSignal;
}

interface Common {
  readonly name: string;
  readonly about: string;
  readonly roundTrips: readonly number[];
}

/** Measures what has no tunnel in it. */
export interface BareRow extends Common {
  readonly packetsPerSecond: number;
  measure(scene: Scene): Promise<Measured>;
}

/** Measures a tunnel that has been opened for the rows that go the same way. */
export interface TunnelRow extends Common {
  readonly way: keyof typeof WAYS;
  measure(scene: Scene, tunnel: Tunnel): Promise<Measured>;
}
