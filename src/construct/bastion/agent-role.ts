import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledgements';

/** All that the SSM agent asks AWS for to carry sessions. None of them takes a resource that is known beforehand. */
const AGENT_ACTIONS = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/** The role of a bastion: it may be a managed node that carries sessions, and nothing else. */
export function createAgentRole(scope: Construct): iam.Role {
  const policy = new iam.ManagedPolicy(scope, 'AgentPolicy', {
    description: 'What the SSM agent of a tunnel bastion needs to carry sessions',
    statements: [new iam.PolicyStatement({ sid: 'CarrySessions', actions: AGENT_ACTIONS, resources: ['*'] })],
  });
  acknowledge(policy, 'CarrySessions');
  return new iam.Role(scope, 'Role', {
    description: 'Tunnel bastion: carries SSM sessions',
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [policy],
  });
}
