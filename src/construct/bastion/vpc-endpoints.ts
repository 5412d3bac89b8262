import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { addRulePair } from '../rule-pair';
import { AGENT_SERVICES, findEndpoints } from './agent-services';
import { type BastionNetwork, onePerZone } from './network';

const HTTPS = 443;

/** The way to Systems Manager for a bastion that has no other: endpoints that let in the bastion and nobody else. */
export class BastionEndpoints extends Construct {
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, private readonly network: BastionNetwork, bastion: ec2.ISecurityGroup) {
    super(scope, id);
    const { vpc, isPendingLookup } = network;
    checkNames(vpc);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Endpoints of Systems Manager: in from the tunnel bastion, nothing out',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(HTTPS) });
    const descriptions = { ingress: 'From the tunnel bastion', egress: 'To Systems Manager' };
    addRulePair(this, { from: bastion, to: securityGroup, port: HTTPS, descriptions });
    for (const [endpointId, service] of Object.entries(AGENT_SERVICES)) {
      new ec2.InterfaceVpcEndpoint(this, endpointId, {
        vpc, service, subnets: { subnets: onePerZone(network) }, securityGroups: [securityGroup], open: false, privateDnsEnabled: true,
      });
    }
    if (isPendingLookup) return;
    this.warnOfOthers();
    this.node.addValidation({ validate: () => this.findRivals() });
  }

  /** Of whatever has a way out of the VPC: up to now it reached Systems Manager by that. */
  private warnOfOthers(): void {
    const { publicSubnets, privateSubnets } = this.network.vpc;
    if (publicSubnets.length + privateSubnets.length === 0) return;
    Annotations.of(this).addWarningV2('tunnelable-rds-cluster:endpointsForWholeVpc',
      'whatever asks Systems Manager from within the VPC will ask these endpoints, and they let in the bastion only; '
      + 'let others in by endpointConnections, then acknowledge this');
  }

  /** Endpoints that would take the same names. EC2 refuses the second. */
  private findRivals(): string[] {
    const rivals = Object.values(AGENT_SERVICES)
      .flatMap((service) => findEndpoints(service, this.network.vpc))
      .filter((endpoint) => endpoint.privateDnsEnabled === true && !endpoint.node.scopes.includes(this));
    return [...new Set(rivals.map(explainRival))];
  }
}

/** @throws Error when a VPC is known to have no names of its own. */
function checkNames(vpc: ec2.IVpc): void {
  if (!(vpc instanceof ec2.Vpc) || (vpc.dnsSupportEnabled && vpc.dnsHostnamesEnabled)) return;
  throw new Error('vpcEndpoints cannot be used in a VPC without DNS support and DNS hostnames; pass enableDnsSupport: true and enableDnsHostnames: true to the Vpc');
}

function explainRival(rival: ec2.CfnVPCEndpoint): string {
  const refusal = 'vpcEndpoints takes the names of Systems Manager in the VPC, and so does';
  const maker = rival.node.scopes.find((scope) => scope instanceof BastionEndpoints);
  if (maker) return `${refusal} that of "${maker.node.scope!.node.path}"; share the bastion, or pass vpcEndpoints to one of them only`;
  const endpoint = rival.node.scopes.find((scope) => scope instanceof ec2.InterfaceVpcEndpoint) ?? rival;
  return `${refusal} "${endpoint.node.path}"; leave out vpcEndpoints, and let the bastion into that`;
}
