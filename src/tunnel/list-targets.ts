import type { AwsContext } from '../aws/context';
import { type Role, ROLES } from '../descriptor';

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

/** All targets under a prefix, and the parameters there that are no descriptors. */
export async function listTargets(input: { readonly prefix: string }, context: AwsContext): Promise<TargetList> {
  const { listDescriptors } = await import('../aws/hot-path');
  const { descriptors, unreadable } = await listDescriptors(input, context);
  const targets = descriptors.map(({ name, target, account, region, bastion }) => ({
    name, engine: target.engine, port: target.port, roles: ROLES.filter((role) => target.host[role]), account, region, exid: bastion.exid,
  }));
  return { targets: targets.sort((one, other) => one.name.localeCompare(other.name, 'en')), unreadable: [...unreadable] };
}
