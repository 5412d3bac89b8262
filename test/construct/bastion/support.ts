import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { TunnelBastion, type TunnelBastionProps } from '../../../src';
import { ACCOUNT, REGION, someVpc, testApp, testStack } from '../support';

export const ISOLATED = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
export const PUBLIC = { subnetType: ec2.SubnetType.PUBLIC };

export function addBastion(stack: Stack, props: Partial<TunnelBastionProps> = {}, id: string = 'Bastion'): TunnelBastion {
  return new TunnelBastion(stack, id, { vpc: props.vpc ?? someVpc(stack, `${id}Vpc`), exid: 'vpc-main-bastion', ...props });
}

export function templateOf(props: Partial<TunnelBastionProps> = {}, stack: Stack = testStack()): Template {
  addBastion(stack, props);
  return Template.fromStack(stack);
}

/** What people are warned of when the app is synthesized, except for what the CDK has to say of each imported VPC. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data))
    .filter((warning) => !warning.endsWith('[ack: @aws-cdk/aws-ec2:noSubnetRouteTableId]'));
}

/** Only the ids. */
export function warningIdsOf(stack: Stack): (string | undefined)[] {
  return warningsOf(stack).map((warning) => /\[ack: (.+)\]$/.exec(warning)?.[1]);
}

/** A VPC of this stack, with subnets of these kinds in each of two zones. */
export function createVpc(stack: Stack, ...types: ec2.SubnetType[]): ec2.Vpc {
  const natGateways = types.includes(ec2.SubnetType.PRIVATE_WITH_EGRESS) ? 1 : 0;
  return new ec2.Vpc(stack, 'CreatedVpc', { maxAzs: 2, natGateways, subnetConfiguration: types.map((subnetType) => ({ name: subnetType, subnetType })) });
}

/** A VPC that has yet to be looked up: all that is known of it is made up. */
export function lookUpVpc(stack: Stack, vpcId: string = 'vpc-2'): ec2.IVpc {
  return ec2.Vpc.fromLookup(stack, `LookedUp-${vpcId}`, { vpcId });
}

export function stackSomewhere(id: string = 'Stack', app = testApp()): Stack {
  return new Stack(app, id, { env: { account: ACCOUNT, region: REGION } });
}

/** The ids that resources of a type have in a template. */
export function idsOf(template: Template, type: string): string[] {
  return Object.keys(template.findResources(type));
}
