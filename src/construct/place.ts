import { type Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Whether two stacks are known to go to one account and region. Stacks that do not say where they go may go to different places. */
export function sharePlace(one: Stack, other: Stack): boolean {
  return outermost(one) === outermost(other) || (!one.environment.includes('unknown-') && one.environment === other.environment);
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

/** Whether what is said of the account and region of a stack means the same in another one. A token means whatever stack it stands in. */
export function canSpeakOf(place: Stack, from: Stack): boolean {
  return [[place.account, from.account], [place.region, from.region]]
    .every(([there, here]) => there === here || !Token.isUnresolved(there));
}

/** What a construct is called from a stack. It stays the same where both move, into a stage for example; from outside, its stage is named too. */
export function pathFrom(stack: Stack, construct: IConstruct): string {
  const { scopes } = construct.node;
  const stage = Stage.of(construct) === Stage.of(stack) ? Stage.of(construct) : undefined;
  const start: IConstruct | undefined = scopes.includes(stack) ? stack : stage;
  return scopes.slice(start ? scopes.indexOf(start) + 1 : 0).map((scope) => scope.node.id).filter((id) => id !== '').join('/');
}
