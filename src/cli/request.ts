import { Problem } from '../problem';
import type { Draining } from '../tunnel';
import type { TunnelFilter, TunnelRequest } from '../tunnel/tunnel';
import { DEFAULTS, type FlagValues } from './flags';

interface Asked { readonly target?: string; readonly flags: FlagValues }

/** What to open. */
export function tunnelRequest({ target, flags }: Asked): TunnelRequest {
  return {
    into: into({ target, flags }),
    role: flags.role ?? DEFAULTS.role,
    port: flags.port,
    prefix: flags.prefix ?? DEFAULTS.prefix,
    timeout: timeoutOf(flags),
    transport: flags.transport ?? DEFAULTS.transport,
    reason: flags.reason,
    lanes: flags.lanes,
    packetsPerSecond: flags['packets-per-second'],
    shared: flags.shared,
    unixSocket: flags['unix-socket'],
  };
}

/** What a person calls what is to be opened. */
export function requestedName({ into: asked }: TunnelRequest): string {
  return 'target' in asked ? asked.target : asked.cluster;
}

/** Milliseconds for the whole command. */
export function timeoutOf({ timeout = DEFAULTS.timeout }: FlagValues): number {
  return timeout * 1000;
}

function into({ target, flags: { cluster, bastion } }: Asked): TunnelRequest['into'] {
  if (target !== undefined && (cluster ?? bastion) !== undefined) {
    throw new Problem('USAGE', `target "${target}" and --${cluster === undefined ? 'bastion' : 'cluster'} were both given: a target's descriptor names both`, {
      next: `connect ${target}, or connect --bastion <exid> --cluster <name>`,
    });
  }
  if (target !== undefined) return { target };
  if (cluster === undefined && bastion === undefined) {
    throw new Problem('USAGE', 'no target was given', { next: 'connect <target>; `connect targets` lists what there is' });
  }
  if (cluster === undefined) throw new Problem('USAGE', '--bastion was given without --cluster', { next: `connect --bastion ${bastion} --cluster <name>` });
  if (bastion === undefined) throw new Problem('USAGE', '--cluster was given without --bastion', { next: `connect --cluster ${cluster} --bastion <exid>` });
  return { cluster, bastion };
}

/** Which open tunnels are meant. A tunnel into a cluster without descriptor goes by the cluster's name. */
export function tunnelFilter({ target, flags }: Asked): TunnelFilter {
  return {
    name: target ?? flags.cluster,
    role: flags.role,
    port: flags.port === 0 ? undefined : flags.port,
    region: flags.region,
    profile: flags.profile,
    bastion: flags.bastion,
  };
}

/** The same, where one has to say which. */
export function requiredTunnelFilter(verb: string, asked: Asked): TunnelFilter {
  const filter = tunnelFilter(asked);
  if (filter.name === undefined && filter.port === undefined && filter.bastion === undefined) {
    throw new Problem('USAGE', `no target was given to \`connect ${verb}\``, { next: `connect ${verb} <target>; \`connect list\` shows what is open` });
  }
  return filter;
}

/** How long connections that are open may go on; undefined where they are cut. */
export function drainingOf({ flags: { drain } }: Asked): Draining | undefined {
  return drain ? { drain: drain * 1000 } : undefined;
}

/** What a person calls the tunnels of a filter. */
export function nameOf({ name, port, bastion }: TunnelFilter): string {
  return name ?? (port === undefined ? `bastion ${bastion}` : `port ${port}`);
}
