import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type ITunnelBastion, TunnelSource, TunnelTarget, type TunnelTargetProps } from '../../../src';
import { ACCOUNT, importedCluster, REGION, testApp } from '../support';

export const EXID = 'vpc-main-bastion';

/** What grants know of a bastion, and nothing else. */
export class SomeBastion extends Construct implements ITunnelBastion {
  readonly exid = EXID;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly connections: ec2.Connections;

  constructor(scope: Construct, readonly highAvailability: boolean = false, readonly diskEncryptionKey?: kms.IKey) {
    super(scope, 'Bastion');
    this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', 'sg-bastion');
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
  }
}

export function stackWithPlace(id: string = 'Stack', app: Construct = testApp()): Stack {
  return new Stack(app, id, { env: { account: ACCOUNT, region: REGION } });
}

/** A target behind a bastion of some kind, and in front of an imported cluster that people can log in to by IAM. */
export function someTarget(stack: Stack, props: Partial<TunnelTargetProps> = {}): TunnelTarget {
  const bastion = props.bastion ?? new SomeBastion(stack);
  const source = props.source ?? TunnelSource.cluster(importedCluster(stack, { clusterResourceIdentifier: 'cluster-ABCDEFGHIJKL' }));
  return new TunnelTarget(stack, 'Target', { ...props, bastion, source });
}

export function roleIn(stack: Stack, id: string = 'Developers'): iam.Role {
  return new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
}

interface Statement {
  readonly Sid: string;
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

export interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
  readonly Description: string;
  readonly Roles?: unknown[];
  readonly Users?: unknown[];
  readonly Groups?: unknown[];
}

/** The managed policies of a stack whose ids say that they are about something, in the order of the template. */
export function policiesIn(stack: Stack, about: string): Policy[] {
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  return policies.filter(([id]) => id.includes(about)).map(([, { Properties }]) => Properties as Policy);
}

/** The policy to connect; there must be exactly one. */
export function connectPolicyOf(stack: Stack): Policy {
  const [policy, ...others] = policiesIn(stack, 'ConnectPolicy');
  if (!policy || others.length > 0) throw new Error(`${stack.node.path} has ${policy ? others.length + 1 : 0} policies to connect`);
  return policy;
}

export function statementsOf(policy: Policy): Record<string, Statement> {
  return Object.fromEntries(policy.PolicyDocument.Statement.map((statement) => [statement.Sid, statement]));
}

/** An ARN in the template of a stack that says where it goes. */
export function arn(service: string, rest: string, { account = ACCOUNT, region = REGION }: { account?: string; region?: string } = {}): object {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}:${region}:${account}:${rest}`]] };
}
