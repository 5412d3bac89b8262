import { Annotations, AspectPriority, Aspects } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { AGENT_SERVICES, findEndpoints } from './agent-services';
import type { MachineParts } from './machine';
import { type BastionNetwork, isIsolated } from './network';
import { BastionEndpoints } from './vpc-endpoints';

/**
 * Lets a machine reach Systems Manager, and has it made once that can be reached.
 * @returns the endpoints that were made for it, if any
 */
export function openWayOut(scope: Construct, machine: Construct, { options, network, securityGroup }: MachineParts): BastionEndpoints | undefined {
  for (const subnet of network.subnets) machine.node.addDependency(subnet.internetConnectivityEstablished);
  if (options.vpcEndpoints) {
    const endpoints = new BastionEndpoints(scope, 'Endpoints', network, securityGroup);
    machine.node.addDependency(endpoints);
    return endpoints;
  }
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Systems Manager');
  if (isIsolated(network) && !network.isPendingLookup) warnUnlessThereAreEndpoints(machine, network);
  return undefined;
}

/** Looks when the app is synthesized: endpoints may be made after the bastion. */
function warnUnlessThereAreEndpoints(machine: Construct, network: BastionNetwork): void {
  const visit = (node: unknown): void => {
    if (node === machine) warnOfMissingEndpoints(machine, network);
  };
  Aspects.of(machine).add({ visit }, { priority: AspectPriority.READONLY });
}

function warnOfMissingEndpoints(machine: Construct, { vpc }: BastionNetwork): void {
  const missing = Object.values(AGENT_SERVICES).filter((service) => findEndpoints(service, vpc).length === 0).map(({ shortName }) => shortName);
  if (missing.length === 0) return;
  Annotations.of(machine).addWarningV2('tunnelable-rds-cluster:noWayOut',
    `the bastion is in isolated subnets, and this app has no VPC endpoints there for ${missing.join(' and ')}, so that no session can reach it; `
    + 'pass vpcEndpoints: true or other vpcSubnets, or acknowledge this where the endpoints are made elsewhere');
}
