import type { Instance } from '@aws-sdk/client-ec2';
import { EXID_TAG } from '../../descriptor';

export type Ec2InstanceStatus = 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'SHUTTING_DOWN' | 'TERMINATED';

/** An EC2 instance, as far as a bastion is described by it. */
export interface DeclaredAwsEc2Instance {
  readonly id: string;
  /** Its external id, which is its tag `exid`. An instance found by its id may have none. */
  readonly exid?: string;
  readonly status: Ec2InstanceStatus;
  /** Why it is as it is, in AWS's words: of a start that failed, for one. */
  readonly statusReason?: string;
  readonly launchedAt: Date;
  readonly account?: string;
  /** The Auto Scaling group that launched it. A group replaces an instance that does not run, and nobody starts or stops it. */
  readonly autoScalingGroup?: string;
  /** The CloudFormation stack that made it. */
  readonly stackId?: string;
}

/** How AWS names a status. */
const STATUSES: Readonly<Record<string, Ec2InstanceStatus>> = {
  'pending': 'PENDING',
  'running': 'RUNNING',
  'stopping': 'STOPPING',
  'stopped': 'STOPPED',
  'shutting-down': 'SHUTTING_DOWN',
  'terminated': 'TERMINATED',
};

/** What AWS says of an instance, in our words. @throws Error when it is no instance: without an id, or in a state that nobody knows */
export function castToDeclaredAwsEc2Instance({ instance, account }: { instance: Instance; account?: string }): DeclaredAwsEc2Instance {
  const status = STATUSES[instance.State?.Name ?? ''];
  if (instance.InstanceId === undefined || status === undefined) {
    throw new Error(`not an instance: id ${instance.InstanceId}, state ${instance.State?.Name}`);
  }
  const tag = (key: string) => instance.Tags?.find(({ Key }) => Key === key)?.Value;
  return {
    id: instance.InstanceId,
    exid: tag(EXID_TAG),
    status,
    statusReason: instance.StateReason?.Message || instance.StateTransitionReason || undefined,
    launchedAt: instance.LaunchTime ?? new Date(0),
    account,
    autoScalingGroup: tag('aws:autoscaling:groupName'),
    stackId: tag('aws:cloudformation:stack-id'),
  };
}
