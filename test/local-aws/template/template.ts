/** A CloudFormation template, as `cdk synth` writes it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Mappings?: Readonly<Record<string, Mapping>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

/** Values by a key of the first level, then one of the second. */
export type Mapping = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a resource or an output has that is there only where a condition holds. */
interface Conditional { readonly Condition?: string }

export interface Resource extends Conditional {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: Readonly<Record<string, unknown>>;
}

export interface Output extends Conditional {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

/** A template that cannot be loaded, and where in it. */
export class TemplateError extends Error {
  readonly name = 'TemplateError';
}
