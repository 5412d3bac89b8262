import { partitionOf, type Place, urlSuffixOf } from '../place';
import { NO_VALUE } from './intrinsics';
import { TemplateError } from './template';

interface StackFacts {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
}

const PSEUDO_PARAMETERS: Readonly<Record<string, (stack: StackFacts) => unknown>> = {
  'AWS::AccountId': ({ place }) => place.account,
  'AWS::Region': ({ place }) => place.region,
  'AWS::Partition': ({ place }) => partitionOf(place.region),
  'AWS::URLSuffix': ({ place }) => urlSuffixOf(place.region),
  'AWS::StackName': ({ name }) => name,
  'AWS::StackId': ({ id }) => id,
  'AWS::NoValue': () => NO_VALUE,
};

/** What a template may refer to without declaring it. */
export function pseudoParameter(name: string, stack: StackFacts): unknown {
  if (!Object.hasOwn(PSEUDO_PARAMETERS, name)) throw new TemplateError(`the pseudo parameter ${name} is not known here`);
  return PSEUDO_PARAMETERS[name]!(stack);
}
