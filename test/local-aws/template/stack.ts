import { hexId, partitionOf, type Place, urlSuffixOf, uuidId } from '../place';
import { evaluate, NO_VALUE, type Surroundings } from './intrinsics';
import { type ResourceFacts, typeOf } from './resource-types';
import { type Resource, type Template, TemplateError } from './template';

export interface StackSettings {
  readonly name: string;
  readonly place: Place;
  readonly template: Template;
  /** Values of the template's parameters, where they are not its defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What other stacks of the place export. */
  readonly imported: (exportName: string) => unknown;
}

/** How often each resource was replaced, by logical id. */
export type Generations = Readonly<Record<string, number>>;

/** A template that was given a name and a place, so that all its resources have concrete ids. */
export class Stack {
  readonly id: string;

  constructor(readonly settings: StackSettings, readonly generations: Generations = {}) {
    const { name, place } = settings;
    this.id = `arn:${partitionOf(place.region)}:cloudformation:${place.region}:${place.account}:stack/${name}/${uuidId('stack', place, name)}`;
  }

  get name(): string {
    return this.settings.name;
  }

  logicalIds(type?: string): string[] {
    const resources = Object.entries(this.settings.template.Resources ?? {});
    return resources.filter(([, resource]) => type === undefined || resource.Type === type).map(([id]) => id);
  }

  typeNameOf(logicalId: string): string {
    return this.#resource(logicalId).Type;
  }

  /** What `Ref` gives. */
  physicalId(logicalId: string): string {
    return typeOf(this.typeNameOf(logicalId)).ref(this.#facts(logicalId));
  }

  property(logicalId: string, name: string): unknown {
    const value = this.#resolve(this.#resource(logicalId).Properties?.[name], `${logicalId}.${name}`);
    return value === NO_VALUE ? undefined : value;
  }

  attribute(logicalId: string, name: string): string {
    const type = this.typeNameOf(logicalId);
    const attribute = typeOf(type).attributes?.[name];
    if (attribute === undefined) throw new TemplateError(`the attribute ${name} of ${type} is not known here (${logicalId})`);
    return attribute(this.#facts(logicalId));
  }

  /** What the stack exports, by the name of the export. */
  exports(): Record<string, unknown> {
    const outputs = Object.entries(this.settings.template.Outputs ?? {}).filter(([, output]) => output.Export !== undefined);
    return Object.fromEntries(outputs.map(([id, output]) => [String(this.#resolve(output.Export!.Name, id)), this.#resolve(output.Value, id)]));
  }

  #resource(logicalId: string): Resource {
    const resource = this.settings.template.Resources?.[logicalId];
    if (resource === undefined) throw new TemplateError(`the stack ${this.name} has no resource or parameter ${JSON.stringify(logicalId)}`);
    return resource;
  }

  #facts(logicalId: string): ResourceFacts {
    return {
      place: this.settings.place,
      stackName: this.name,
      logicalId,
      seed: JSON.stringify([this.id, logicalId, this.generations[logicalId] ?? 0]),
      property: (name) => this.property(logicalId, name),
    };
  }

  #resolve(value: unknown, where: string): unknown {
    const surroundings: Surroundings = {
      region: this.settings.place.region,
      ref: (name) => this.#ref(name),
      attribute: (logicalId, name) => this.attribute(logicalId, name),
      imported: this.settings.imported,
    };
    try {
      return evaluate(value, surroundings);
    } catch (error) {
      if (error instanceof TemplateError && !error.message.includes(' <- ')) throw new TemplateError(`${error.message} <- ${this.name}/${where}`);
      throw error;
    }
  }

  #ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    const parameter = this.settings.template.Parameters?.[name];
    if (parameter === undefined) return this.physicalId(name);
    const value = this.settings.parameters?.[name] ?? parameter.Default;
    if (value === undefined) throw new TemplateError(`the parameter ${name} of ${this.name} has no default and was given no value`);
    return parameter.Type.startsWith('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>') && value.startsWith('/') ? `ami-${hexId(17, value)}` : value;
  }

  #pseudoParameter(name: string): unknown {
    const { account, region } = this.settings.place;
    const values: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': partitionOf(region),
      'AWS::URLSuffix': urlSuffixOf(region),
      'AWS::StackName': this.name,
      'AWS::StackId': this.id,
      'AWS::NoValue': NO_VALUE,
    };
    if (!Object.hasOwn(values, name)) throw new TemplateError(`the pseudo parameter ${name} is not known here`);
    return values[name];
  }
}
