import { Tokenization } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { TunnelBastionProps } from './options';

/** Where a bastion may stand. */
export interface BastionNetwork {
  readonly vpc: ec2.IVpc;
  readonly subnets: readonly ec2.ISubnet[];
  /** Whether the VPC has yet to be looked up, so that none of this is true. */
  readonly isPendingLookup: boolean;
}

interface SubnetKind {
  readonly type: ec2.SubnetType;
  readonly name: string;
  in(vpc: ec2.IVpc): readonly ec2.ISubnet[];
}

const KINDS: readonly SubnetKind[] = [
  { type: ec2.SubnetType.PRIVATE_WITH_EGRESS, name: 'private subnets with egress', in: (vpc) => vpc.privateSubnets },
  { type: ec2.SubnetType.PRIVATE_ISOLATED, name: 'isolated subnets', in: (vpc) => vpc.isolatedSubnets },
  { type: ec2.SubnetType.PUBLIC, name: 'public subnets', in: (vpc) => vpc.publicSubnets },
];

/** A group may move between the subnets, an instance stays in the first. @throws Error when there are none */
export function chooseNetwork({ vpc, vpcSubnets, highAvailability }: TunnelBastionProps): BastionNetwork {
  const { subnets, isPendingLookup = false } = selectSubnets(vpc, vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
  const known = subnetsOf(vpc);
  // One that was imported by its id alone knows neither its zone nor its kind: the VPC's own does.
  const own = subnets.map((subnet) => known.find(({ subnetId }) => subnetId === subnet.subnetId) ?? subnet);
  return { vpc, subnets: highAvailability ? own : own.slice(0, 1), isPendingLookup };
}

export function isPublic({ vpc, subnets }: BastionNetwork): boolean {
  return subnets.some((subnet) => vpc.publicSubnets.includes(subnet));
}

export function isIsolated({ vpc, subnets }: BastionNetwork): boolean {
  return subnets.some((subnet) => vpc.isolatedSubnets.includes(subnet));
}

/** The first of each zone, and those whose zone is not known. */
export function onePerZone({ subnets }: BastionNetwork): ec2.ISubnet[] {
  const zones = subnets.map(zoneOf);
  return subnets.filter((_, i) => zones[i] === undefined || zones.indexOf(zones[i]) === i);
}

/** Whether it is known to have one zone only. */
export function hasOneZone({ subnets }: BastionNetwork): boolean {
  const [zone, ...others] = new Set(subnets.map(zoneOf));
  return zone !== undefined && others.length === 0;
}

/** What CDK says where there are none names types that nobody has asked for. */
function selectSubnets(vpc: ec2.IVpc, selection: ec2.SubnetSelection): ec2.SelectedSubnets {
  const wanted = KINDS.find(({ type }) => type === selection.subnetType);
  const isMissing = wanted?.in(vpc).length === 0;
  const selected = vpc.selectSubnets(isMissing ? { subnets: [] } : selection);
  if (selected.subnets.length > 0 || selected.isPendingLookup) return selected;
  const present = KINDS.filter((kind) => kind.in(vpc).length > 0).map(({ name }) => name);
  throw new Error(`the VPC has no ${isMissing ? wanted?.name : 'subnets that vpcSubnets asks for'}: it has ${present.join(' and ') || 'none that are known'}; `
    + 'pass other vpcSubnets; isolated ones (ec2.SubnetType.PRIVATE_ISOLATED) together with vpcEndpoints: true');
}

function subnetsOf(vpc: ec2.IVpc): ec2.ISubnet[] {
  return KINDS.flatMap((kind) => kind.in(vpc));
}

/** Undefined where it is not known before the deployment: of a subnet that was imported by its id, or in a list that is a token. */
function zoneOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return [subnet.subnetId, subnet.availabilityZone].some(isListToken) ? undefined : subnet.availabilityZone;
  } catch {
    return undefined;
  }
}

function isListToken(text: string): boolean {
  return Tokenization.reverseList([text]) !== undefined;
}
