import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { TunnelBastion, type TunnelSource, type TunnelSourceConfig, TunnelTarget, type TunnelTargetProps } from '../../../src';
import type { Descriptor } from '../../../src/descriptor';
import { descriptorOf, someVpc, testStack } from '../support';

/** What makes a source in a stack. */
export type Make = (stack: Stack) => TunnelSource;

export function group(stack: Stack, id: string = 'sg-1'): ec2.ISecurityGroup {
  return ec2.SecurityGroup.fromSecurityGroupId(stack, `Group:${id}`, id);
}

/** The source, as a target of the name `db` unless another one is given, which undefined leaves to the source. */
export function targetInto(stack: Stack, source: TunnelSource, props: Partial<TunnelTargetProps> = { targetName: 'db' }): TunnelTarget {
  const bastion = props.bastion ?? new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack, 'BastionVpc'), exid: 'bastion' });
  return new TunnelTarget(stack, 'Target', { source, ...props, bastion });
}

export function describedTarget(make: Make, stack: Stack = testStack()): Descriptor['target'] {
  targetInto(stack, make(stack));
  return descriptorOf(stack, 'db').target;
}

/** What the target is called when it is not told. */
export function defaultName(make: Make): string {
  const stack = testStack();
  return targetInto(stack, make(stack), {}).targetName;
}

export function configOf(make: Make, stack: Stack = testStack()): TunnelSourceConfig {
  return make(stack).bind(new Construct(stack, 'Scope'));
}

/** A part of what a source comes to, as the template has it. */
export function resolved(make: Make, part: (config: TunnelSourceConfig) => unknown): unknown {
  const stack = testStack();
  return stack.resolve(part(configOf(make, stack)));
}

/** The ways that are open to the bastion: into which group, on which port. */
export function waysIn(make: Make): [group: unknown, port: unknown][] {
  const stack = testStack();
  targetInto(stack, make(stack));
  const rules = (kind: string, description: string): Record<string, unknown>[] =>
    Object.values(Template.fromStack(stack).findResources(`AWS::EC2::SecurityGroup${kind}`, { Properties: { Description: description } }))
      .map(({ Properties }) => Properties);
  const ways = rules('Ingress', 'From the tunnel bastion').map((rule): [unknown, unknown] => [rule.GroupId, rule.FromPort]);
  expect(rules('Egress', 'To a tunnel target').map((rule) => [rule.DestinationSecurityGroupId, rule.FromPort])).toEqual(ways);
  return ways;
}
