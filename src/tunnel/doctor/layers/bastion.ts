import type { AwsContext } from '../../../aws/context';
import type { Agent } from '../../../aws/hot-path';
import type { DeclaredAwsEc2Instance } from '../../../aws/slow-path';
import { Problem } from '../../../problem';
import { printable } from '../../../text';
import { noBastion } from '../../no-bastion';
import type { Finding } from '../diagnosis';
import { inTime } from '../in-time';
import type { Patient } from '../patient';
import { unlessDenied } from '../unless-denied';

/** An agent that has not yet said a word, so long after the launch, may still do so. */
const BOOTING = 3 * 60_000;

/** The machine that the tag finds, and what Systems Manager hears of it. */
export async function lookAtBastion({ known, context }: Patient): Promise<Finding> {
  const { exid } = known.target!.bastion;
  const { getEc2Instance } = await import('../../../aws/slow-path');
  const instance = await getEc2Instance({ by: { exid } }, context);
  if (!instance) throw noBastion(exid);
  known.instance = instance;
  const { id: instanceId, status, launchedAt, autoScalingGroup: group } = instance;
  const found = status === 'RUNNING' ? await lookAtAgent(instance, context) : describeDown(instance);
  return { ...found, details: { instanceId, exid, status, launchedAt: launchedAt.toISOString(), group, ...found.details } };
}

/** A bastion that does not run is nothing wrong, unless nobody will make it run. */
function describeDown({ id, status, autoScalingGroup: group }: DeclaredAwsEc2Instance): Finding {
  const state = `${id} is ${status.toLowerCase().replace('_', ' ')}`;
  if (group && status !== 'PENDING') return { status: 'remark', message: `${state}: its Auto Scaling group ${group} is to bring another`, next: 'wait some minutes' };
  const prospect: Partial<Record<typeof status, string>> = {
    PENDING: '`connect` waits for it',
    STOPPING: '`connect` waits until it can start it',
    STOPPED: '`connect` starts it',
  };
  return { message: `${state}: ${prospect[status]}` };
}

async function lookAtAgent({ id, launchedAt }: DeclaredAwsEc2Instance, context: AwsContext): Promise<Finding> {
  const { getAgent } = await import('../../../aws/hot-path');
  const agent = await unlessDenied(getAgent({ instanceId: id }, context));
  if (Problem.is(agent)) {
    return { status: 'remark', message: `${id} is running; its agent was not looked at: ${printable(agent.message)}`, next: 'nothing: the session shows it' };
  }
  const uptime = Date.now() - launchedAt.getTime();
  if (agent?.isOnline) return { message: `${id} is running, ${describe(agent)}`, details: { agent } };
  const silent = agent ? describe(agent) : 'its agent has never been heard of';
  if (uptime < BOOTING) return { status: 'remark', message: `${id} has been running for ${inTime(uptime)}, ${silent}`, next: 'wait: it is starting' };
  throw new Problem('BASTION_DOWN', `${id} is running, but ${silent}`, {
    next: 'look whether it may reach the endpoints ssm and ssmmessages, and has its role; to restart it: connect close --stop-bastion, then connect',
  });
}

function describe({ status, version, lastPingAt, isOnline }: Agent): string {
  const ping = lastPingAt && `last ping ${inTime(Date.now() - lastPingAt.getTime())} ago`;
  return [`agent${version ? ` ${printable(version)}` : ''} ${isOnline ? 'online' : `not online (${printable(status)})`}`, ping].filter(Boolean).join(', ');
}
