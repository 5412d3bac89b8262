import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** What one security group may open connections to another for. */
export interface RulePairProps {
  readonly from: ec2.ISecurityGroup;
  readonly to: ec2.ISecurityGroup;
  /** May be a token. */
  readonly port: number;
  /** Why the port is open, on the side that is connected to and on the other. */
  readonly descriptions: { readonly ingress: string; readonly egress: string };
  /** What tells this pair from others of its scope. */
  readonly name?: string;
}

/**
 * Opens a port from one security group to another, on both sides, by resources of the scope: rules that the CDK adds to the groups would tie
 * their stacks together, or have ids that change with the path of the stack.
 * @returns the rule on the side that is connected to
 */
export function addRulePair(scope: Construct, { from, to, port, descriptions, name }: RulePairProps): ec2.CfnSecurityGroupIngress {
  const idOf = (side: string): string => (name === undefined ? side : `${side}:${name}`);
  const traffic = { ipProtocol: 'tcp', fromPort: port, toPort: port };
  const ingress = new ec2.CfnSecurityGroupIngress(scope, idOf('Ingress'), {
    groupId: to.securityGroupId, sourceSecurityGroupId: from.securityGroupId, description: descriptions.ingress, ...traffic,
  });
  new ec2.CfnSecurityGroupEgress(scope, idOf('Egress'), {
    groupId: from.securityGroupId, destinationSecurityGroupId: to.securityGroupId, description: descriptions.egress, ...traffic,
  });
  return ingress;
}
