import { type Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Whether two stacks go to one account and region. Stacks that do not say where they go are taken to go to the same place, unless they are of
 * different stages.
 */
export function sharePlace(one: Stack, other: Stack): boolean {
  if (outermost(one) === outermost(other)) return true;
  const isKnown = !one.environment.includes('unknown-');
  return one.environment === other.environment && (isKnown || Stage.of(one) === Stage.of(other));
}

/** What else to do about stacks that share a place for all that is known. */
export function orPassEnv(one: Stack, other: Stack): string {
  return outermost(one) !== outermost(other) && one.environment.includes('unknown-') ? ', or pass env to both stacks if they go to different places' : '';
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

/** Whether what is said of the account and region of a stack means the same in another one. A token means whatever stack it stands in. */
export function canSpeakOf(place: Stack, from: Stack): boolean {
  return [[place.account, from.account], [place.region, from.region]]
    .every(([there, here]) => there === here || !Token.isUnresolved(there));
}

/** Of accounts or regions: a token may come to be any of them. */
export function areKnownToDiffer(one: string, other: string): boolean {
  return one !== other && !Token.isUnresolved(one) && !Token.isUnresolved(other);
}

/** What a construct is called from a stack. It stays the same where both move, into a stage for example; from outside, its stage is named too. */
export function pathFrom(stack: Stack, construct: IConstruct): string {
  const { scopes } = construct.node;
  const stage = Stage.of(construct) === Stage.of(stack) ? Stage.of(construct) : undefined;
  const start: IConstruct | undefined = scopes.includes(stack) ? stack : stage;
  return scopes.slice(start ? scopes.indexOf(start) + 1 : 0).map((scope) => scope.node.id).filter((id) => id !== '').join('/');
}
