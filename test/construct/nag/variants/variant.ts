import type { Environment, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TunnelBastion, type TunnelBastionProps, TunnelSource, TunnelTarget, type TunnelTargetProps } from '../../../../src';
import { ACCOUNT, REGION, someVpc } from '../../support';

/** One of the things that an app can make with this library. */
export interface Variant {
  readonly name: string;
  /** Where our stack goes, if it says so. */
  readonly env?: Environment;
  /** Fills our stack; what an app has beside us goes into theirs, which is not judged. */
  readonly build: (ours: Stack, theirs: Stack) => void;
  /** What an app that wants this has to answer for itself: findings that are right, and why it wants it nevertheless. */
  readonly leftToTheApp?: Readonly<Record<string, string>>;
}

export const PLACE: Environment = { account: ACCOUNT, region: REGION };

/** A finding of one rule in all packs that have it. */
export function byPack(packs: string[], rule: string, reason: string): Record<string, string> {
  return Object.fromEntries(packs.map((pack) => [`${pack}-${rule}`, reason]));
}

export function bastionIn(stack: Stack, props: Partial<TunnelBastionProps> = {}): TunnelBastion {
  return new TunnelBastion(stack, 'Bastion', { exid: 'vpc-main-bastion', ...props, vpc: props.vpc ?? someVpc(stack) });
}

/** Into a host, through a bastion of its own, unless told otherwise. */
export function targetIn(stack: Stack, props: Partial<TunnelTargetProps> = {}, id: string = 'Target'): TunnelTarget {
  return new TunnelTarget(stack, id, {
    source: TunnelSource.host({ host: 'db.example', engine: 'postgres', securityGroups: [groupIn(stack, `${id}Group`)] }),
    targetName: id.toLowerCase(),
    ...props,
    bastion: props.bastion ?? bastionIn(stack),
  });
}

export function groupIn(stack: Stack, id: string = 'Group'): ec2.ISecurityGroup {
  return ec2.SecurityGroup.fromSecurityGroupId(stack, id, `sg-${Buffer.from(id).toString('hex').padEnd(17, '0').slice(0, 17)}`);
}

export function roleIn(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
}
