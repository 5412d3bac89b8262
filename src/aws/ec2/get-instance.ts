import { DescribeInstancesCommand, type DescribeInstancesCommandInput, type DescribeInstancesResult, EC2Client } from '@aws-sdk/client-ec2';
import { EXID_TAG } from '../../descriptor';
import { Problem } from '../../problem';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';
import { castToDeclaredAwsEc2Instance, type DeclaredAwsEc2Instance } from './declared-instance';

export type Ec2InstanceKey = { readonly exid: string } | { readonly instanceId: string };

/**
 * Finds a live instance, by its external id or by its id. Where a replacement lives beside the one it replaces, gives the newer.
 * Where all that carry an external id are gone, and the last was of an Auto Scaling group, gives that one: the group is about to bring another.
 * @returns null when there is none that is not terminated or on its way there, and no group either
 * @throws Problem NOT_FOUND when instances that have nothing to do with each other carry the same external id
 */
export async function getEc2Instance({ by }: { by: Ec2InstanceKey }, context: AwsContext): Promise<DeclaredAwsEc2Instance | null> {
  const filter = 'exid' in by ? { Filters: [{ Name: `tag:${EXID_TAG}`, Values: [by.exid] }] } : { InstanceIds: [by.instanceId] };
  const found = await describe(filter, context);
  const live = found.filter(({ status }) => status !== 'TERMINATED' && status !== 'SHUTTING_DOWN');
  if (live.length > 1 && !areOneBastion(live)) throw explainUnrelated(live, 'exid' in by ? by.exid : by.instanceId);
  if (live.length > 0) return newest(live)!;
  const last = newest(found);
  return 'exid' in by && last?.autoScalingGroup !== undefined ? last : null;
}

function newest(instances: readonly DeclaredAwsEc2Instance[]): DeclaredAwsEc2Instance | undefined {
  return [...instances].sort((a, b) => b.launchedAt.getTime() - a.launchedAt.getTime())[0];
}

async function describe(filter: DescribeInstancesCommandInput, context: AwsContext): Promise<DeclaredAwsEc2Instance[]> {
  const client = await clientOf(EC2Client, context);
  const found: DeclaredAwsEc2Instance[] = [];
  let token: string | undefined;
  do {
    const page = await callAws<DescribeInstancesResult>({
      call: 'ec2:DescribeInstances',
      answers: { 'InvalidInstanceID.NotFound': {}, 'InvalidInstanceID.Malformed': {} },
    }, context, (options) => client.send(new DescribeInstancesCommand({ ...filter, NextToken: token }), options));
    for (const { Instances: instances = [], OwnerId: account } of page.Reservations ?? []) {
      found.push(...instances.map((instance) => castToDeclaredAwsEc2Instance({ instance, account })));
    }
    token = page.NextToken;
  } while (token);
  return found;
}

/** What makes several instances one bastion in the midst of a replacement: each of these names the same thing for all. */
const KINSHIPS: readonly ((instance: DeclaredAwsEc2Instance) => string | undefined)[] = [
  // Not by logical id as well: other user data gives an instance another one, and the construct refuses two bastions of one exid.
  ({ stackId }) => stackId,
  ({ autoScalingGroup }) => autoScalingGroup,
];

function areOneBastion(instances: readonly DeclaredAwsEc2Instance[]): boolean {
  return KINSHIPS.some((kinship) => {
    const first = kinship(instances[0]!);
    return first !== undefined && instances.every((instance) => kinship(instance) === first);
  });
}

function explainUnrelated(instances: readonly DeclaredAwsEc2Instance[], exid: string): Problem {
  const list = instances.map(({ id, status, stackId, autoScalingGroup }) => `${id} (${status}, ${autoScalingGroup ?? stackId ?? 'made by hand'})`).join(', ');
  return new Problem('NOT_FOUND', `${instances.length} live instances that are not replacements of each other carry the tag ${EXID_TAG}=${exid}: ${list}`, {
    next: `take the tag off all but one: aws ec2 delete-tags --resources <instance> --tags Key=${EXID_TAG}`,
  });
}
