import { DescribeInstanceInformationCommand, type InstanceInformation, SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

/** The SSM agent of an instance, as Systems Manager last heard of it. */
export interface Agent {
  readonly isOnline: boolean;
  /** In AWS's words: `Online`, `ConnectionLost`, `Inactive`. */
  readonly status: string;
  readonly lastPingAt?: Date;
  readonly version?: string;
}

/** Looks an instance's agent up. @returns null when it has never registered */
export async function getAgent({ instanceId }: { instanceId: string }, context: AwsContext): Promise<Agent | null> {
  const client = await clientOf(SSMClient, context);
  const [found] = await callAws<InstanceInformation[]>({ call: 'ssm:DescribeInstanceInformation', otherwise: 'BASTION_DOWN' }, context, async (options) => {
    const command = new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] });
    return (await client.send(command, options)).InstanceInformationList ?? [];
  });
  if (!found) return null;
  const { PingStatus: status = 'unknown', LastPingDateTime: lastPingAt, AgentVersion: version } = found;
  return { isOnline: status === 'Online', status, lastPingAt, version };
}
