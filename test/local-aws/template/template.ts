/** A CloudFormation template, as `cdk synth` writes it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A template that cannot be loaded, and where in it. */
export class TemplateError extends Error {
  readonly name = 'TemplateError';
}
