import type { AwsContext } from '../../../aws/context';
import { Problem } from '../../../problem';
import { printable } from '../../../text';
import { openNativeCarrier } from '../../transport/native';
import { type BastionCalls, openOnBastion } from '../../worker/bastion-waker';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

const REASON = 'connect doctor';
/** Of the layer's time, to say what it was that took so long. */
const LAST_WORDS = 500;

/** A session of our own: started, its handshake done, resumed. */
export async function lookAtSession(patient: Patient): Promise<Finding> {
  const { known, context, request, until, atEnd } = patient;
  const target = known.target!;
  const { carrier, instanceId } = await openOnBastion({
    target,
    instanceId: known.instance!.id,
    reason: request.target?.reason ?? REASON,
    openCarrier: await openNativeCarrier(ofWholeWalk(context)),
    calls: await bastionCalls(patient),
    log: context.log,
    deadline: until - LAST_WORDS,
    signal: context.signal,
  });
  known.carrier = carrier;
  atEnd(async () => carrier.close());
  const { id, agentVersion = 'unknown' } = carrier;
  const trouble = await tryToResume(id, context);
  const message = `${id} on ${instanceId}, agent ${agentVersion}`;
  const details = { sessionId: id, instanceId, agentVersion };
  if (!trouble) return { message: `${message}, resumed`, details };
  return { status: 'remark', message: `${message}; could not be resumed, so it ends with its connection: ${printable(trouble.message)}`, next: trouble.next, details };
}

/** A session outlives the look at it; and what it says in passing is not for who waits. */
function ofWholeWalk({ aws, log }: AwsContext): AwsContext {
  const debug = log.debug.bind(log);
  return { aws, log: { debug, info: debug, warn: debug, error: debug } };
}

async function bastionCalls({ context, request: { start, target } }: Patient): Promise<BastionCalls> {
  const { getEc2Instance, setEc2InstanceStatus } = await import('../../../aws/slow-path');
  return {
    async getEc2Instance(exid) {
      const instance = await getEc2Instance({ by: { exid } }, context);
      const wouldHaveToStart = instance?.status === 'STOPPED' && instance.autoScalingGroup === undefined;
      if (wouldHaveToStart && !start) throw isStopped(instance.id, target);
      return instance;
    },
    startEc2Instance: async (instanceId) => setEc2InstanceStatus({ by: { instanceId }, to: 'RUNNING' }, context),
  };
}

async function tryToResume(sessionId: string, context: AwsContext): Promise<Problem | undefined> {
  const { resumeSession } = await import('../../../aws/hot-path');
  try {
    return await resumeSession({ sessionId }, context) ? undefined : new Problem('SESSION_FAILED', 'the service says that it is over');
  } catch (error) {
    if (Problem.is(error)) return error;
    throw error;
  }
}

function isStopped(instanceId: string, target: Patient['request']['target']): Problem {
  const into = target?.into;
  const name = into && ('target' in into ? into.target : `--bastion ${into.bastion} --cluster ${into.cluster}`);
  return new Problem('BASTION_DOWN', `bastion ${instanceId} is stopped, and the doctor starts nothing unless told`, { next: `connect doctor ${name} --start` });
}
