import type { AwsContext } from '../../../aws/context';
import { Problem } from '../../../problem';
import { counted, printable } from '../../../text';
import { listTargets } from '../../list-targets';
import { resolveTarget } from '../../opening/resolve-target';
import type { ResolvedTarget } from '../../tunnel';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';
import { unlessDenied } from '../unless-denied';

/** As many targets are named as fit on a line. */
const MOST_NAMED = 5;

/** What the construct wrote of the target; without a target, which ones there are. */
export async function lookAtDescriptor({ request, context, known }: Patient): Promise<Finding> {
  if (!request.target) return lookAtTargets(request.prefix, context);
  const { target } = await resolveTarget(request.target, context);
  known.target = target;
  if (known.account !== undefined && known.account !== target.account) throw anotherAccount(target, known.account);
  const { name, role, engine, host, port, account, region, bastion, document, foundBy } = target;
  const source = foundBy === 'descriptor' ? 'read' : 'looked up, without a descriptor';
  return {
    message: `${name} (${role}): ${engine} at ${host}:${port}, by bastion ${bastion.exid}, in ${account} ${region}; ${source}`,
    details: { name, role, engine, host, port, account, region, exid: bastion.exid, document: document.name, foundBy },
  };
}

async function lookAtTargets(prefix: string, context: AwsContext): Promise<Finding> {
  const list = await unlessDenied(listTargets({ prefix }, context));
  // Who may use one target need not be allowed to see all of them.
  if (Problem.is(list)) return { status: 'remark', message: printable(list.message), next: 'name a target: connect doctor <target>; grantList lets you list them' };
  const names = list.targets.map(({ name }) => name);
  const details = { targets: names, unreadable: list.unreadable };
  if (names.length === 0) return { status: 'remark', message: `no target has a descriptor under ${prefix}`, next: 'deploy one, or name its --prefix', details };
  const named = [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ['…'] : [])].join(', ');
  const message = `${counted(names.length, 'target')} under ${prefix}: ${named}`;
  return { message, next: `look at one: connect doctor ${names[0]}`, details };
}

function anotherAccount({ name, account }: ResolvedTarget, ours: string): Problem {
  return new Problem('NOT_FOUND', `the descriptor of ${name} is of account ${account}, and you are in ${ours}`, {
    next: `choose a profile of account ${account}: --profile, or export AWS_PROFILE`,
  });
}
