import type { Stack } from 'aws-cdk-lib';
import { AttachablePolicy } from './attachable-policy';
import { listStatements } from './permissions';

/** Those that are made already: targets that share a prefix share the policy. */
const madeIn = new WeakMap<Stack, Map<string, AttachablePolicy>>();

/** The policy, in a stack, to list the targets under a prefix. */
export function listPolicyIn(home: Stack, prefix: string, place: Stack): AttachablePolicy {
  const made = madeIn.get(home) ?? new Map<string, AttachablePolicy>();
  madeIn.set(home, made);
  const id = ['ListTargets', ...(place.environment === home.environment ? [] : [place.environment]), ...prefix.slice(1).split('/')].join(':');
  const policy = made.get(id) ?? new AttachablePolicy(home, id, { description: `List the targets under ${prefix}`, statements: listStatements(prefix, place) });
  made.set(id, policy);
  return policy;
}
