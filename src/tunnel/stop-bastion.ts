import type { AwsContext } from '../aws/context';
import { Problem } from '../problem';
import { noBastion } from './no-bastion';
import type { TunnelView } from './tunnel';

export type StopBastionInput =
  | { readonly tunnel: Pick<TunnelView, 'bastion' | 'region' | 'profile'> }
  | { readonly target: string; readonly prefix: string }
  | { readonly exid: string };

/**
 * Stops the bastion of a tunnel, of a target, or of that external id. What else goes through it is cut.
 * @throws Problem USAGE when it is one of an Auto Scaling group, which would replace it
 */
export async function stopBastion(input: StopBastionInput, context: AwsContext): Promise<{ instanceId: string; status: string }> {
  const aws: AwsContext = 'tunnel' in input ? { ...context, aws: { region: input.tunnel.region, profile: context.aws.profile ?? input.tunnel.profile } } : context;
  const exid = await exidOf(input, aws);
  const { getEc2Instance, setEc2InstanceStatus } = await import('../aws/slow-path');
  const instance = await getEc2Instance({ by: { exid } }, aws);
  if (!instance) throw noBastion(exid);
  if (instance.autoScalingGroup !== undefined) throw wouldBeReplaced(exid, instance.autoScalingGroup);
  if (instance.status === 'STOPPED' || instance.status === 'STOPPING') return { instanceId: instance.id, status: instance.status };
  await setEc2InstanceStatus({ by: { instanceId: instance.id }, to: 'STOPPED' }, aws);
  return { instanceId: instance.id, status: 'STOPPING' };
}

async function exidOf(input: StopBastionInput, context: AwsContext): Promise<string> {
  if ('exid' in input) return input.exid;
  if ('tunnel' in input) return input.tunnel.bastion.exid;
  const { getDescriptor } = await import('../aws/hot-path');
  return (await getDescriptor({ name: input.target, prefix: input.prefix }, context)).bastion.exid;
}

function wouldBeReplaced(exid: string, group: string): Problem {
  return new Problem('USAGE', `bastion ${exid} cannot be stopped: it is of the Auto Scaling group ${group}, which would replace it`, {
    next: 'leave out --stop-bastion; a bastion that may be stopped is one without highAvailability',
  });
}
