import type { Stack } from '../../../local-aws/template/stack';
import type { Person } from './people';

export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** What a person may do, by the policies of the template: nothing is added, and nothing known beforehand. */
export function policiesOf(stack: Stack, { holds }: Person): PolicyDocument[] {
  if (holds === 'PermissionSet') return [stack.property(logicalIdOf(stack, 'AWS::SSO::PermissionSet', holds), 'InlinePolicy') as PolicyDocument];
  const [type, list] = holds === 'Alice' ? ['AWS::IAM::User', 'Users'] : ['AWS::IAM::Role', 'Roles'];
  const name = stack.physicalId(logicalIdOf(stack, type, holds));
  return stack.logicalIds('AWS::IAM::ManagedPolicy')
    .filter((id) => (stack.property(id, list) as string[] | undefined)?.includes(name))
    .map((id) => stack.property(id, 'PolicyDocument') as PolicyDocument);
}

/** The resource of a type that a construct was made into. */
export function logicalIdOf(stack: Stack, type: string, construct: string): string {
  const found = stack.logicalIds(type).filter((id) => id.startsWith(construct));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} are of ${construct}`);
  return found[0]!;
}
