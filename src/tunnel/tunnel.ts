import type { Role } from '../descriptor';

export const LOOPBACK = '127.0.0.1';

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
export interface TunnelView {
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
  /** ISO 8601. */
  readonly openedAt: string;
  /** What only the living worker knows. */
  readonly sessionId?: string;
  readonly connections?: number;
  readonly lastError?: string;
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
