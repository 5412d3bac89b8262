import type { Statement } from './policies';

/** A statement with one restriction less. */
export interface Mutation {
  readonly lifted: string;
  readonly mutant: Statement;
}

/** No other action is about such a resource. */
const ALL_THERE_ARE = ['ssm:ResumeSession', 'ssm:TerminateSession', 'rds-db:connect'];

/** Each restriction that a statement makes, lifted alone: every condition, every action, and every part of every resource. */
export function mutationsOf(statement: Statement): Mutation[] {
  const resources = [statement.Resource!].flat();
  const actions = [statement.Action].flat();
  return [
    ...conditionsLess(statement),
    ...resources.flatMap((resource) => widerArns(resource).map((wider) => (
      { lifted: `${resource} becomes ${wider}`, mutant: { ...statement, Resource: replaced(resources, resource, wider) } }))),
    ...actions.filter((action) => !ALL_THERE_ARE.includes(action)).map((action) => (
      { lifted: `${action} becomes all`, mutant: { ...statement, Action: replaced(actions, action, action.replace(/:.*/, ':*')) } })),
  ];
}

function replaced(list: string[], one: string, by: string): string[] {
  return list.map((other) => (other === one ? by : other));
}

function conditionsLess(statement: Statement): Mutation[] {
  return Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) => Object.keys(keys).map((key) => {
    const { [key]: _, ...others } = keys;
    return { lifted: `no ${operator} ${key}`, mutant: { ...statement, Condition: { ...statement.Condition, [operator]: others } } };
  }));
}

/** Each part of an ARN that says something, replaced by all. */
function widerArns(arn: string): string[] {
  if (arn === '*') return [];
  const [, partition, service, region, account, type, name] = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):([a-z]+[/:])(.*)$/.exec(arn)!;
  const parts = [partition, service, region, account, ...name!.split('/')];
  const IS_SERVICE = 1;
  return parts.flatMap((part, index) => {
    if (part === '*' || index === IS_SERVICE) return [];
    const [p, s, r, a, ...names] = parts.map((other, at) => (at === index ? '*' : other));
    return [['arn', p, s, r, a, `${type}${names.join('/')}`].join(':')];
  });
}
