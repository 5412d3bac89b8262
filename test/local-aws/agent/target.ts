import type { Address } from './dialer';

export type ResolveHost = (host: string, port: number) => Address | undefined;

/** Where the real agent forwards to for nobody: the metadata service, the clock, the resolver. */
const FORBIDDEN = [
  '169.254.169.254', '169.254.169.253', '169.254.169.123', '169.254.169.250', '169.254.169.251',
  'fd00:ec2::254', 'fd00:ec2::253', 'fd00:ec2::123', 'fd00:ec2::240',
];

/** A port session that the agent will not or cannot start. The message is what the service shows the user. */
export class PortRefused extends Error {
  readonly name = 'PortRefused';
}

/** Looks the target up, once for a whole session. @throws PortRefused */
export function resolveTarget(host: string, portNumber: string, resolveHost: ResolveHost): Address {
  if (portNumber === '') throw new PortRefused('Port number is empty in session properties.');
  if (FORBIDDEN.includes(host)) throw new PortRefused(`Forwarding to IP address ${host} is forbidden.`);
  const address = resolveHost(host, Number(portNumber));
  if (!address) throw new PortRefused(`lookup ${host}: no such host`);
  return address;
}
