import { Problem } from '../problem';
import { printable } from '../text';
import { timeLimit } from '../time-limit';
import type { Call } from './command';
import { DEFAULTS } from './flags';
import { tunnelRequest } from './request';
import type { ProjectTarget } from './settings/project-file';
import { interruptible } from './signals';

/** Milliseconds that a person may be kept from choosing. */
const PATIENCE = 10_000;
const MOST_NAMED = 20;

/** A target to choose. */
interface Offer {
  readonly name: string;
  /** What is known of it. */
  readonly about: string;
}

/**
 * The call for what was named, or else for what the person chooses.
 * @throws Problem USAGE, with the names that are known, where there is nobody to ask; INTERRUPTED where nobody chooses
 */
export async function withTarget(call: Call): Promise<Call> {
  const { target, flags: { cluster, bastion }, loadPicker } = call;
  if ((target ?? cluster ?? bastion) !== undefined) return call;
  if (!loadPicker) throw noTarget(await knownNames(call));
  return interruptible(async (signal) => {
    const offers = await inOrder(await offersOf(call, signal), call);
    if (offers.length === 0) throw noTarget([]);
    const { pick } = await loadPicker();
    const width = Math.max(...offers.map(({ name }) => name.length));
    const choices = offers.map(({ name, about }) => ({ value: name, label: `${name.padEnd(width)}  ${printable(about)}`.trimEnd() }));
    call.output.end();
    return call.forTarget(await pick(choices, { message: 'Connect to', signal, colours: !call.environment.NO_COLOR }));
  });
}

function fromProject({ project }: Call): Offer[] {
  return [...project?.targets ?? []].map(([name, entry]) => ({ name, about: describe(name, entry) }));
}

function describe(name: string, { target, values }: ProjectTarget): string {
  const stands = target === name ? [] : [target ?? `cluster ${values.cluster?.value ?? ''}`];
  return [...stands, values.role?.value, values.region?.value, values.profile?.value && `profile ${values.profile.value}`].filter(Boolean).join(', ');
}

/** What the project names, and what has a descriptor in the account. Where AWS does not say, the first is enough. */
async function offersOf(call: Call, signal: AbortSignal): Promise<Offer[]> {
  const own = fromProject(call);
  const { listTargets } = await call.loadTunnels();
  const { prefix = DEFAULTS.prefix } = call.flags;
  try {
    const patient = timeLimit(PATIENCE, signal);
    const { targets } = await listTargets({ prefix }, { ...call.context, signal: patient, attempts: 1 });
    const others = targets.filter(({ name }) => !own.some((each) => each.name === name));
    return [...own, ...others.map(({ name, engine }) => ({ name, about: engine }))];
  } catch (error) {
    signal.throwIfAborted();
    call.output.remark(`the targets in the account could not be listed: ${(error as Error).message}`);
    return own;
  }
}

async function inOrder(offers: readonly Offer[], call: Call): Promise<Offer[]> {
  const { inOrderOfUse } = await call.loadTunnels();
  return inOrderOfUse(offers, ({ name }) => {
    const chosen = call.forTarget(name);
    return { request: tunnelRequest(chosen), context: chosen.context };
  });
}

/** Without a call to AWS: nothing has been asked for. */
async function knownNames({ project, flags, context, loadTunnels }: Call): Promise<string[]> {
  const { cachedTargetNames } = await loadTunnels();
  const { prefix = DEFAULTS.prefix } = flags;
  return [...project?.targets.keys() ?? [], ...cachedTargetNames({ prefix }, context) ?? []];
}

function noTarget(known: readonly string[]): Problem {
  const names = [...new Set(known)];
  const some = [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ['...'] : [])].join(', ');
  return new Problem('USAGE', 'no target was given', { next: some ? `connect <target>, one of: ${some}` : 'connect <target>; `connect targets` lists what there is' });
}
