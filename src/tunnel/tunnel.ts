import type { Descriptor, Role } from '../descriptor';

export const LOOPBACK = '127.0.0.1';
/** What may be asked for, from the least to the most. */
export const BOUNDS = { lanes: [1, 16], packetsPerSecond: [0, 100_000], /* seconds */ drain: [0, 86_400] } as const;

/** The tunnel as one declares it: from a local port, via a bastion, into a cluster or another target. */
export interface DeclaredAwsVpcTunnel {
  readonly via: {
    readonly mechanism: 'aws.ssm';
    /** The bastion, by its tag `exid`. May be left out where `into.target` names a descriptor, which knows its bastion. */
    readonly bastion?: { readonly exid: string };
  };
  readonly into:
  | { readonly cluster: { readonly name: string }; readonly role?: Role }
  | { readonly target: { readonly name: string }; readonly role?: Role };
  readonly from: { readonly host: string; readonly port: number };
  readonly status: 'OPEN' | 'CLOSED';
  /** The worker's process, while the tunnel is open. */
  readonly pid?: number;
}

export type Transport = 'native' | 'aws-cli';

/** How many sessions a tunnel may have. One of the official client is two programs of 75 MiB. */
export const DEFAULT_LANES: Readonly<Record<Transport, number>> = { 'native': 4, 'aws-cli': 1 };

/** What one asks for when one opens a tunnel. */
export interface TunnelRequest {
  /** A target that has a descriptor, or a cluster to be looked up and the bastion to reach it through. */
  readonly into: { readonly target: string } | { readonly cluster: string; readonly bastion: string };
  readonly role: Role;
  /** @default - an open tunnel of this target and role whatever its port, else the last port used, else the engine's port + 10000; 0 is the same but any free port */
  readonly port?: number;
  /** Where descriptors are. */
  readonly prefix: string;
  /** Milliseconds for the whole opening. */
  readonly timeout: number;
  readonly transport: Transport;
  /** Written to the session's audit entry. */
  readonly reason?: string;
  /** How many sessions take connections at once. @default - 4 for the native transport, 1 for the official client */
  readonly lanes?: number;
  /** Packets of 1,024 bytes that a session may send a second; 0 for no limit. @default 900 */
  readonly packetsPerSecond?: number;
  /** Looked at as soon as it is known where it leads, before anything is opened; what it throws ends the opening. */
  readonly check?: (target: CheckedTarget) => void;
  /**
   * Keeps the tunnel from being closed by another `connect` that is done with it, until `OpenedTunnel.hold` is released or this process ends.
   * With `thenClose`, a tunnel that was opened for it is closed then, unless another holds it.
   * @default - it is not held
   */
  readonly hold?: { readonly thenClose: boolean };
  /** Whether every user of this machine may use the tunnel. @default false - where Linux shows whose a connection is, only this user and root */
  readonly shared?: boolean;
  /** A Unix socket to listen on too, or a folder for one that PostgreSQL's clients find there. Its whole path. @default - the port only */
  readonly unixSocket?: string;
}

/** How one may log in to a target, as its descriptor has it. */
export type TargetCredentials = NonNullable<Descriptor['credentials']>;

/** What a target is, for who may not want it. */
export interface CheckedTarget {
  readonly name: string;
  readonly engine: string;
  readonly credentials?: TargetCredentials;
}

/** What a request came to: all that a worker needs to start sessions, and nothing secret. */
export interface ResolvedTarget {
  readonly name: string;
  readonly role: Role;
  readonly account: string;
  readonly region: string;
  readonly engine: string;
  readonly database?: string;
  readonly host: string;
  readonly port: number;
  readonly bastion: { readonly exid: string; readonly instanceId?: string };
  readonly document: { readonly name: string; readonly fixed: boolean };
  /** How it was found: it decides what identifies the tunnel. */
  readonly foundBy: 'descriptor' | 'lookup';
  /** Where its descriptor is, if it has one: another folder may have another target of that name. */
  readonly prefix?: string;
}

/** A tunnel as `status` and `list` show it: what its worker last knew. */
export interface TunnelView extends Partial<LiveTunnel> {
  readonly name: string;
  readonly role: Role;
  readonly status: 'OPEN' | 'CLOSED';
  readonly host: typeof LOOPBACK;
  readonly port: number;
  readonly pid: number;
  readonly account: string;
  readonly region: string;
  readonly profile?: string;
  readonly engine: string;
  readonly database?: string;
  readonly remote: { readonly host: string; readonly port: number };
  readonly bastion: { readonly exid: string; readonly instanceId: string };
  readonly transport: Transport;
  /** Whether every user of this machine may use it. @default false */
  readonly shared?: boolean;
  /** The Unix sockets that it listens on beside the port. @default - none */
  readonly unixSockets?: readonly string[];
  /** ISO 8601. */
  readonly openedAt: string;
  /** The first of its sessions. */
  readonly sessionId?: string;
}

/** What only the living worker of a tunnel knows. */
export interface LiveTunnel {
  readonly sessions: readonly SessionStatus[];
  readonly connections: number;
  /** How many `connect` run a command through it. @default - not known: the release before does not say */
  readonly holders?: number;
  readonly traffic: Traffic;
  /** How often a session was resumed, or ended by itself. */
  readonly reconnects: number;
  /** What it does about a session that is being opened, as when it starts the bastion. */
  readonly activity?: string;
  readonly lastError?: string;
  /** What to type about the last error. */
  readonly next?: string;
}

/** Bytes carried, seen from here: `in` is what came from the target. */
export interface Traffic {
  readonly in: number;
  readonly out: number;
}

/** One session of an open tunnel. */
export interface SessionStatus {
  readonly id: string;
  /** ISO 8601. */
  readonly since: string;
  readonly connections: number;
  readonly traffic: Traffic;
  /** How often it was resumed; not known of the official client. */
  readonly reconnects?: number;
  /** What keeps it from going on now, and what to do about it. */
  readonly trouble?: string;
}

/** Which tunnels one means. Whatever is left out matches all. */
export interface TunnelFilter {
  readonly name?: string;
  readonly role?: Role;
  readonly port?: number;
  readonly region?: string;
  readonly profile?: string;
  /** exid of the bastion */
  readonly bastion?: string;
}
