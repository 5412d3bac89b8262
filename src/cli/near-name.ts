import { Problem } from '../problem';
import type { Call } from './command';
import { tunnelRequest } from './request';
import { suggest } from './suggest';

/** The error; where it is that there is no such target, with the name that was likely meant. */
export async function withNearName(error: unknown, call: Call, signal: AbortSignal): Promise<unknown> {
  if (!Problem.is(error) || error.name !== 'NoSuchTarget' || call.target === undefined) return error;
  const near = await nearName(call.target, call, signal);
  if (near === undefined) return error;
  const where = call.target === call.name ? '' : ` Then correct ${call.project!.label}.`;
  return new Problem('NOT_FOUND', error.message, { next: `did you mean ${near}?${where} ${error.next}`, cause: error });
}

/** From what the project names, else from what there is in the account. */
async function nearName(name: string, call: Call, signal: AbortSignal): Promise<string | undefined> {
  const own = [...call.project?.targets.keys() ?? []];
  const near = suggest(name, own.filter((each) => each !== call.name));
  if (near !== undefined) return near;
  const { knownTargetNames } = await call.loadTunnels();
  const known = await knownTargetNames({ prefix: tunnelRequest(call).prefix }, { ...call.context, signal });
  // It may have been there until a moment ago.
  return suggest(name, known.filter((each) => each !== name));
}
