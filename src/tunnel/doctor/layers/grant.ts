import type { DeclaredAwsEc2Instance } from '../../../aws/slow-path';
import { Problem } from '../../../problem';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

/** What a dry run said; undefined where it said nothing, or there was none. */
type Allowed = boolean | undefined;

/** What nobody can find out without doing it, or without rights in IAM. */
const NOT_LOOKED_AT = 'other documents, shells and commands on the bastion, and kms:CreateGrant for its disk';

/**
 * The calls that `connect` makes: those that were made on the way here, and a dry run of the start. Those of a session are tried by the session.
 * What goes beyond the grant is said as far as a dry run shows it.
 */
export async function lookAtGrant({ known, context }: Patient): Promise<Finding> {
  const [instance, target] = [known.instance!, known.target!];
  // A group starts and stops its instances by itself.
  const mayBeChanged = instance.autoScalingGroup === undefined;
  const [mayStart, mayStop] = mayBeChanged ? await Promise.all([may('RUNNING', instance, context), may('STOPPED', instance, context)]) : [];
  if (mayStart === false && instance.status !== 'RUNNING') throw mayNotStart(instance.id);
  const details = {
    tried: [target.foundBy === 'descriptor' ? 'ssm:GetParameter' : 'rds:DescribeDBClusters', 'ec2:DescribeInstances'],
    dryRun: { 'ec2:StartInstances': mayStart, 'ec2:StopInstances': mayStop },
    triedBySession: ['ssm:StartSession', 'ssmmessages:OpenDataChannel', 'ssm:ResumeSession', 'ssm:TerminateSession'],
    notLookedAt: NOT_LOOKED_AT,
  };
  const said = [
    `allowed: ${[...details.tried, mayStart && 'ec2:StartInstances (dry run)'].filter(Boolean).join(', ')}`,
    mayStart === false && 'not allowed: ec2:StartInstances (dry run)',
    mayStop && 'beyond the grant: ec2:StopInstances (dry run)',
  ];
  const remark: Partial<Finding> = mayStart === false
    ? { status: 'remark', next: 'have yourself granted ec2:StartInstances (grantConnect of the target does): the bastion stops when nobody uses it' }
    : mayStop ? { status: 'remark' } : {};
  return { ...remark, message: said.filter(Boolean).join('; '), details };
}

async function may(to: 'RUNNING' | 'STOPPED', { id }: DeclaredAwsEc2Instance, context: Patient['context']): Promise<Allowed> {
  const { maySetEc2InstanceStatus } = await import('../../../aws/slow-path');
  try {
    return await maySetEc2InstanceStatus({ by: { instanceId: id }, to }, context);
  } catch (error) {
    if (Problem.is(error)) return undefined;
    throw error;
  }
}

function mayNotStart(id: string): Problem {
  return new Problem('CREDENTIALS', `ec2:StartInstances is not allowed (dry run), and bastion ${id} does not run`, {
    next: 'have yourself granted it (grantConnect of the target does), or have somebody start the bastion who may',
  });
}
