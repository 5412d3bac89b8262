import type { SessionDocument } from '../../../aws/hot-path';
import { DEPLOY_AGAIN } from '../../../aws/ssm/deploy-again';
import { Problem } from '../../../problem';
import { printable } from '../../../text';
import type { ResolvedTarget } from '../../tunnel';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';
import { unlessDenied } from '../unless-denied';

/** `{{ host }}`: whoever starts the session says it. */
const PARAMETER = /\{\{.*\}\}/;

/** What a document can have wrong, in the order in which it matters; undefined where it has not. */
const FAULTS: readonly ((document: SessionDocument, target: ResolvedTarget) => string | undefined)[] = [
  ({ status }) => (status === 'Active' ? undefined : `it is not active but ${printable(status)}`),
  ({ sessionType }) => (sessionType === 'Port' ? undefined : `it is of the type ${printable(sessionType) || 'unknown'}, expected Port`),
  ({ host, port }, target) => (leadsTo(target, host, port) ? undefined
    : `it leads to ${printable(host) || 'no host'}:${printable(port) || 'no port'}, and the descriptor says ${target.host}:${target.port}`),
];

/** What sessions are started with, and where it lets them lead. */
export async function lookAtDocument({ known, context }: Patient): Promise<Finding> {
  const target = known.target!;
  const { name, fixed } = target.document;
  const { getSessionDocument } = await import('../../../aws/hot-path');
  const document = await unlessDenied(getSessionDocument({ name }, context));
  if (Problem.is(document)) return { status: 'remark', message: `${name} was not looked at: ${printable(document.message)}`, next: 'nothing: the session shows it' };
  if (!document) throw new Problem('NOT_FOUND', `there is no session document ${name}`, { next: DEPLOY_AGAIN });
  const fault = FAULTS.map((find) => find(document, target)).find(Boolean);
  if (fault) throw new Problem('SESSION_FAILED', `the session document ${name} will not do: ${fault}`, { next: DEPLOY_AGAIN });
  const what = fixed ? `leads to ${target.host}:${target.port} and nowhere else` : 'leads to whatever host and port one names: what the bastion may reach is all that bounds it';
  return { message: `${name}, version ${printable(document.version)}, ${what}`, details: { name, version: document.version, fixed } };
}

function leadsTo({ document: { fixed }, host, port }: ResolvedTarget, itsHost: string = '', itsPort: string = ''): boolean {
  return fixed ? itsHost === host && itsPort === String(port) : PARAMETER.test(itsHost) && PARAMETER.test(itsPort);
}
