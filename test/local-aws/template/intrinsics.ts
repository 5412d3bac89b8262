import { TemplateError } from './template';

/** What a template's functions can ask of the stack around them. */
export interface Surroundings {
  readonly region: string;
  /** The value of a parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  imported(exportName: string): unknown;
  /** Whether a condition of the template holds. */
  condition(name: string): boolean;
  mapped(mapping: string, first: string, second: string): unknown;
}

type Resolve = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, resolve: Resolve, surroundings: Surroundings) => unknown;

/** Stands for a property that is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (name, _resolve, stack) => stack.ref(String(name)),
  'Fn::GetAtt': (argument, resolve, stack) => {
    const [logicalId, name] = typeof argument === 'string' ? splitAtFirstDot(argument) : (argument as [string, unknown]);
    return stack.attribute(logicalId, String(resolve(name)));
  },
  'Fn::Join': (argument, resolve) => {
    const [delimiter, list] = argument as [string, unknown];
    return (resolve(list) as unknown[]).join(delimiter);
  },
  'Fn::Sub': (argument, resolve, stack) => {
    const [template, variables] = Array.isArray(argument) ? argument as [string, Record<string, unknown>] : [String(argument), {}];
    return template.replace(/\$\{(!?)([^}]+)\}/g, (_whole, isLiteral: string, name: string) => {
      if (isLiteral !== '') return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return String(resolve(variables[name]));
      return String(name.includes('.') ? stack.attribute(...splitAtFirstDot(name)) : stack.ref(name));
    });
  },
  'Fn::Select': (argument, resolve) => {
    const [index, list] = argument as [number | string, unknown];
    return (resolve(list) as unknown[])[Number(index)];
  },
  'Fn::Split': (argument, resolve) => {
    const [delimiter, text] = argument as [string, unknown];
    return String(resolve(text)).split(delimiter);
  },
  'Fn::ImportValue': (argument, resolve, stack) => stack.imported(String(resolve(argument))),
  'Fn::Base64': (argument, resolve) => Buffer.from(String(resolve(argument))).toString('base64'),
  'Fn::If': (argument, resolve, stack) => {
    const [condition, yes, no] = argument as [string, unknown, unknown];
    return resolve(stack.condition(condition) ? yes : no);
  },
  'Fn::Equals': (argument, resolve) => {
    const [one, other] = resolve(argument) as unknown[];
    return String(one) === String(other);
  },
  'Fn::Not': (argument, resolve) => !(resolve(argument) as unknown[])[0],
  'Fn::And': (argument, resolve) => (resolve(argument) as unknown[]).every(Boolean),
  'Fn::Or': (argument, resolve) => (resolve(argument) as unknown[]).some(Boolean),
  'Condition': (name, _resolve, stack) => stack.condition(String(name)),
  'Fn::FindInMap': (argument, resolve, stack) => stack.mapped(...(resolve(argument) as unknown[]).map(String) as [string, string, string]),
  'Fn::GetAZs': (argument, resolve, stack) => ['a', 'b', 'c'].map((zone) => `${(resolve(argument) as string) || stack.region}${zone}`),
};

/**
 * The value that CloudFormation makes of a part of a template.
 * @throws TemplateError that names a function, resource, attribute or export which is not known
 */
export function evaluate(value: unknown, surroundings: Surroundings): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, surroundings)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [name, ...others] = Object.keys(value);
  const argument = (value as Record<string, unknown>)[name!];
  if (others.length === 0 && name !== undefined && isIntrinsic(name, argument)) {
    const intrinsic = INTRINSICS[name];
    if (intrinsic === undefined) throw new TemplateError(`the function ${name} is not known here: ${JSON.stringify(value)}`);
    return intrinsic(argument, (part) => evaluate(part, surroundings), surroundings);
  }
  const members = Object.entries(value).map(([key, member]) => [key, evaluate(member, surroundings)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
}

/** A policy may hold a `Condition` too, which is no text. */
function isIntrinsic(name: string, argument: unknown): boolean {
  return name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof argument === 'string');
}

function splitAtFirstDot(text: string): [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}
