import { EC2Client, StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { Problem } from '../../problem';
import { callAws, type SendOptions } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

interface Change {
  readonly call: string;
  readonly verb: string;
  readonly send: (client: EC2Client, input: { InstanceIds: string[]; DryRun?: boolean }, options: SendOptions) => Promise<unknown>;
}

/** What an instance is asked to become, by the status that it then has. */
interface InstanceChange {
  readonly by: { readonly instanceId: string };
  readonly to: 'RUNNING' | 'STOPPED';
}

const CHANGES: Readonly<Record<InstanceChange['to'], Change>> = {
  RUNNING: { call: 'ec2:StartInstances', verb: 'started', send: (client, input, options) => client.send(new StartInstancesCommand(input), options) },
  STOPPED: { call: 'ec2:StopInstances', verb: 'stopped', send: (client, input, options) => client.send(new StopInstancesCommand(input), options) },
};

const IN_TRANSITION = 'it is on its way from one state to another: wait until it is there, and type the same again';
const NO_CAPACITY = 'AWS has none of this type free in its zone now: try again in a few minutes, or deploy the bastion with another instance type';
const LIMIT_REACHED = 'stop other instances, or ask AWS for a higher limit';

/** What to do about a start or stop that AWS refused, by the name of its error. */
const REFUSALS: Readonly<Record<string, string>> = {
  IncorrectInstanceState: IN_TRANSITION,
  IncorrectState: IN_TRANSITION,
  InsufficientInstanceCapacity: NO_CAPACITY,
  InsufficientHostCapacity: NO_CAPACITY,
  InstanceLimitExceeded: LIMIT_REACHED,
  VcpuLimitExceeded: LIMIT_REACHED,
  UnsupportedOperation: 'deploy the bastion as an on-demand instance',
};

/**
 * Asks for an instance to be started or stopped; does not wait for it.
 * @throws Problem BASTION_DOWN with AWS's reason when it refuses, NOT_FOUND when there is no such instance
 */
export async function setEc2InstanceStatus({ by: { instanceId }, to }: InstanceChange, context: AwsContext): Promise<void> {
  const { call, verb, send } = CHANGES[to];
  const client = await clientOf(EC2Client, context);
  const gone = (cause: Error) => new Problem('NOT_FOUND', `bastion ${instanceId} does not exist any more`, { next: 'deploy its stack again: cdk deploy', cause });
  const refused = (next: string) => (cause: Error) =>
    new Problem('BASTION_DOWN', `bastion ${instanceId} could not be ${verb}: ${cause.message} (${cause.name})`, { next, cause });
  await callAws<unknown>({
    call,
    otherwise: 'BASTION_DOWN',
    problems: {
      ...Object.fromEntries(Object.entries(REFUSALS).map(([name, next]) => [name, refused(next)])),
      'InvalidInstanceID.NotFound': gone,
      'InvalidInstanceID.Malformed': gone,
    },
  }, context, (options) => send(client, { InstanceIds: [instanceId] }, options));
}

/** Whether we may do that. A dry run: AWS says whether it would, and changes nothing. @throws Problem */
export async function maySetEc2InstanceStatus({ by: { instanceId }, to }: InstanceChange, context: AwsContext): Promise<boolean> {
  const { call, send } = CHANGES[to];
  const client = await clientOf(EC2Client, context);
  return callAws<boolean>({ call, otherwise: 'BASTION_DOWN', answers: { DryRunOperation: true, UnauthorizedOperation: false } }, context, async (options) => {
    await send(client, { InstanceIds: [instanceId], DryRun: true }, options);
    // A dry run ends in an error, whatever AWS finds: an answer that is none promises nothing.
    return false;
  });
}
