import type { AwsContext } from '../aws/context';
import { type Role, ROLES } from '../descriptor';
import { reasonOf } from '../text';
import { timeLimit } from '../time-limit';
import { byName } from './by-name';
import { cachedTargetNames, rememberTargetNames, type TargetNamesInput } from './target-names';

/** Milliseconds for names that are only a courtesy. */
const PATIENCE = 2_000;

/** A target that one may connect to, as its descriptor has it. */
export interface TargetView {
  readonly name: string;
  readonly engine: string;
  readonly port: number;
  readonly roles: readonly Role[];
  readonly account: string;
  readonly region: string;
  readonly exid: string;
}

export interface TargetList {
  readonly targets: TargetView[];
  /** What is there and is no descriptor that this release understands. */
  readonly unreadable: { name: string; why: string }[];
}

/** All targets under a prefix, and the parameters there that are no descriptors. Their names are remembered for a while. */
export async function listTargets(input: TargetNamesInput, context: AwsContext): Promise<TargetList> {
  const { listDescriptors } = await import('../aws/hot-path');
  const { descriptors, unreadable } = await listDescriptors(input, context);
  const targets = descriptors.map(({ name, target, account, region, bastion }) => ({
    name, engine: target.engine, port: target.port, roles: ROLES.filter((role) => target.host[role]), account, region, exid: bastion.exid,
  }));
  await rememberTargetNames(input, targets.map(({ name }) => name), context);
  return { targets: targets.sort(byName), unreadable: [...unreadable] };
}

/** The names of all targets: those remembered, else what AWS says. None where it does not answer within 2 s, or may not be asked, which takes a grant of its own. */
export async function knownTargetNames(input: TargetNamesInput, context: AwsContext): Promise<string[]> {
  const cached = cachedTargetNames(input, context);
  if (cached) return cached;
  const signal = timeLimit(PATIENCE, context.signal);
  try {
    return (await listTargets(input, { ...context, signal, attempts: 1 })).targets.map(({ name }) => name);
  } catch (error) {
    context.signal?.throwIfAborted();
    context.log.debug(`the names of the targets are not known: ${reasonOf(error)}`);
    return [];
  }
}
