import { BlockList, isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';
import { engineOf } from '../../engines';
import type { TunnelSourceConfig } from './config';
import { checkEngine } from './engine';
import type { HostSourceOptions } from './options';
import { literalName } from './resource';

/** What a descriptor says where no engine was passed. No row of the table: all one can ask is whether it keeps a connection. */
const NO_ENGINE = 'tcp';

const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_.])?$/i;

/** Where the bastion itself would answer, or the service that hands out its credentials. */
const OWN_NAME = /(^|\.)localhost\.?$/i;
const OWN_ADDRESSES = new BlockList();
for (const [network, prefix] of [['0.0.0.0', 8], ['127.0.0.0', 8], ['169.254.0.0', 16]] as const) OWN_ADDRESSES.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [['::', 127], ['fe80::', 10], ['fd00:ec2::', 32]] as const) OWN_ADDRESSES.addSubnet(network, prefix, 'ipv6');

/**
 * All that a target has to know about a host.
 * @throws Error when there can be no such host, port or engine
 */
export function describeHost(options: HostSourceOptions): TunnelSourceConfig {
  const { name, host, readerHost, engine, port = defaultPortOf(engine), database, securityGroups = [] } = options;
  checkEngine(engine);
  checkHost('host', host);
  if (readerHost !== undefined) checkHost('readerHost', readerHost);
  checkPort(port);
  return {
    kind: 'host',
    name: name ?? host,
    engine: engine ?? NO_ENGINE,
    port,
    writerHost: host,
    readerHost,
    database,
    securityGroups,
    defaultTargetName: literalName(name),
  };
}

function defaultPortOf(engine: string | undefined): number {
  if (engine !== undefined) return engineOf(engine).defaultPort;
  throw new Error('there is no port to lead to: got neither port nor engine; pass port');
}

function checkHost(property: string, host: string): void {
  if (Token.isUnresolved(host)) return;
  const version = isIP(host);
  if (version === 0 && !HOST_NAME.test(host)) {
    throw new Error(`${property} "${host}" cannot be a host; pass a host name or an IP address, without scheme, port or path`);
  }
  if (OWN_NAME.test(host) || (version !== 0 && OWN_ADDRESSES.check(host, `ipv${version as 4 | 6}`))) {
    throw new Error(`${property} "${host}" is the bastion itself, or what answers to it alone; pass a host of the VPC`);
  }
}

function checkPort(port: number): void {
  if (Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1 && port <= 65535)) return;
  throw new Error(`port ${port} cannot be a port; pass a whole number from 1 to 65535`);
}
