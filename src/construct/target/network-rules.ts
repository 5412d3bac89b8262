import { createHash } from 'node:crypto';
import { Stack, Stage, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledgements';
import { areKnownToDiffer, pathFrom } from '../place';
import { addRulePair } from '../rule-pair';
import type { ITunnelBastion } from '../tunnel-bastion';

/** The ways that are open already, in whatever stack of an app or stage: EC2 refuses a rule that exists. */
const openWays = new WeakMap<IConstruct, Set<string>>();

/**
 * Lets a bastion reach a port behind security groups.
 *
 * Both rules are resources of the scope's stack, and not of the groups: the groups' stacks then need not know each other. They belong to no
 * target and are named by what they join, so that they stay the same when one of several targets behind a group comes or goes: CloudFormation
 * makes the new before it removes the old, and a rule cannot be made anew while it exists.
 *
 * @throws Error when bastion, groups and scope are known to be in different regions, or bastion and scope in different accounts
 */
export function letThrough(scope: Construct, bastion: ITunnelBastion, securityGroups: ec2.ISecurityGroup[], port: number): void {
  const stack = Stack.of(scope);
  const from = bastion.securityGroup;
  for (const { region } of [stack, ...securityGroups.map((group) => group.env)]) checkRegion(from.env.region, region);
  checkAccount(from.env.account, stack.account);

  const open = openWaysAround(stack);
  for (const to of securityGroups) {
    const way = [identityOf(from), identityOf(to), portName(port, stack)].join(':');
    if (open.has(way)) continue;
    open.add(way);
    addRules(stack, from, to, port);
  }
}

function openWaysAround(stack: Stack): Set<string> {
  const app = Stage.of(stack) ?? stack.node.root;
  const open = openWays.get(app) ?? new Set();
  openWays.set(app, open);
  return open;
}

function addRules(stack: Stack, from: ec2.ISecurityGroup, to: ec2.ISecurityGroup, port: number): void {
  const rules = stack.node.tryFindChild('TunnelRules') as Construct | undefined ?? new Construct(stack, 'TunnelRules');
  const name = [nameOf(from, stack), nameOf(to, stack), portName(port, stack)].join(':');
  const ingress = addRulePair(rules, { from, to, port, name, descriptions: { ingress: 'From the tunnel bastion', egress: 'To a tunnel target' } });
  if (Token.isUnresolved(port)) acknowledge(ingress, 'UnknownPort');
}

function checkRegion(here: string, there: string): void {
  if (!areKnownToDiffer(here, there)) return;
  throw new Error(`the target in ${there} cannot be reached by a bastion in ${here}; pass a bastion of the target's region`);
}

function checkAccount(here: string, there: string): void {
  if (!areKnownToDiffer(here, there)) return;
  throw new Error(`the target in account ${there} cannot be reached by a bastion in ${here}: nobody can start a session in another account; pass a bastion of the target's account`);
}

/** One group may be imported twice. */
function identityOf(group: ec2.ISecurityGroup): string {
  return Token.isUnresolved(group.securityGroupId) ? group.node.addr : group.securityGroupId;
}

function nameOf(group: ec2.ISecurityGroup, stack: Stack): string {
  return Token.isUnresolved(group.securityGroupId) ? pathFrom(stack, group) : group.securityGroupId;
}

/** A port that is not known yet is named by where it comes from. */
function portName(port: number, stack: Stack): string {
  if (!Token.isUnresolved(port)) return String(port);
  return createHash('sha256').update(JSON.stringify(stack.resolve(port))).digest('hex').slice(0, 8);
}
