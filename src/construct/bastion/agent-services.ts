import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** What the SSM agent has to reach to carry sessions, by the ids of their endpoints. From version 3.3.40.0 on, `ec2messages` is not among them. */
export const AGENT_SERVICES = {
  Ssm: ec2.InterfaceVpcEndpointAwsService.SSM,
  SsmMessages: ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES,
} as const;

/** The endpoints that the app has for a service in a VPC, whoever made them. */
export function findEndpoints({ shortName }: ec2.InterfaceVpcEndpointAwsService, vpc: ec2.IVpc): ec2.CfnVPCEndpoint[] {
  return vpc.node.root.node.findAll()
    .filter((construct) => construct instanceof ec2.CfnVPCEndpoint)
    .filter((endpoint) => endpoint.vpcId === vpc.vpcId && isFor(endpoint, shortName));
}

/** The name of a service ends with the short one: `com.amazonaws.eu-central-1.ssm`. Of the region there may be a token. */
function isFor(endpoint: ec2.CfnVPCEndpoint, shortName: string): boolean {
  return JSON.stringify(Stack.of(endpoint).resolve(endpoint.serviceName) ?? '').includes(`.${shortName}"`);
}
