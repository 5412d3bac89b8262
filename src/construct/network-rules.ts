import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { ITunnelBastion } from './tunnel-bastion';

/** Which ways each bastion has already been let through: EC2 refuses a rule that exists. */
const openWays = new WeakMap<ITunnelBastion, Set<string>>();

/**
 * Lets a bastion reach a port behind security groups.
 *
 * Both rules are resources of the scope, and not of the groups: the groups' stacks then need not know each other.
 */
export function letThrough(scope: Construct, bastion: ITunnelBastion, securityGroups: ec2.ISecurityGroup[], port: number): void {
  const open = openWays.get(bastion) ?? new Set();
  openWays.set(bastion, open);
  for (const group of securityGroups) {
    const way = `${group.node.addr}:${port}`;
    if (open.has(way)) continue;
    open.add(way);
    addRules(scope, bastion.securityGroup, group, port);
  }
}

function addRules(scope: Construct, from: ec2.ISecurityGroup, to: ec2.ISecurityGroup, port: number): void {
  const traffic = { ipProtocol: 'tcp', fromPort: port, toPort: port };
  const name = nameOf(to, Stack.of(scope));
  new ec2.CfnSecurityGroupIngress(scope, `Ingress-${name}`, {
    groupId: to.securityGroupId, sourceSecurityGroupId: from.securityGroupId, description: 'From the tunnel bastion', ...traffic,
  });
  new ec2.CfnSecurityGroupEgress(scope, `Egress-${name}`, {
    groupId: from.securityGroupId, destinationSecurityGroupId: to.securityGroupId, description: 'To a tunnel target', ...traffic,
  });
}

/** What a group is called from a stack. It stays the same where both move, into a stage for example: a rule cannot be made anew while it exists. */
function nameOf(group: ec2.ISecurityGroup, stack: Stack): string {
  const { scopes } = group.node;
  const home = Stack.of(group);
  return scopes.slice(scopes.indexOf(home) + (home === stack ? 1 : 0)).map((scope) => scope.node.id).join('/');
}
