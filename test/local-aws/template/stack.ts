import { hexId, partitionOf, type Place, uuidId } from '../place';
import { type Histories, type History, NEW, nextHistories } from './histories';
import { evaluate, NO_VALUE, type Surroundings } from './intrinsics';
import { pseudoParameter } from './pseudo-parameters';
import { type ResourceFacts, typeOf } from './resource-types';
import { type Output, type Resource, type Template, TemplateError } from './template';

export interface StackSettings {
  readonly name: string;
  readonly place: Place;
  readonly template: Template;
  /** Values of the template's parameters, where they are not its defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What other stacks of the place export. */
  readonly imported: (exportName: string) => unknown;
}

/** A template that was given a name and a place, so that all its resources have concrete ids. */
export class Stack {
  readonly id: string;

  constructor(readonly settings: StackSettings, private readonly histories: Histories = {}) {
    const { name, place } = settings;
    this.id = `arn:${partitionOf(place.region)}:cloudformation:${place.region}:${place.account}:stack/${name}/${uuidId('stack', place, name)}`;
  }

  get name(): string {
    return this.settings.name;
  }

  /** An update: what another template becomes in the place of this one. */
  updated(settings: StackSettings): Stack {
    const draft = new Stack(settings, this.histories);
    return new Stack(settings, { ...this.histories, ...nextHistories(this, draft) });
  }

  historyOf(logicalId: string): History {
    return this.histories[logicalId] ?? NEW;
  }

  logicalIds(type?: string): string[] {
    const resources = Object.entries(this.settings.template.Resources ?? {});
    return resources.filter(([, resource]) => (type === undefined || resource.Type === type) && this.#isWanted(resource)).map(([id]) => id);
  }

  /** The resource of a type that `Ref` names so, if it is of this stack. */
  logicalIdOf(type: string, physicalId: string): string | undefined {
    return this.logicalIds(type).find((id) => this.physicalId(id) === physicalId);
  }

  typeNameOf(logicalId: string): string {
    return this.#resource(logicalId).Type;
  }

  /** What `Ref` gives. */
  physicalId(logicalId: string): string {
    return typeOf(this.typeNameOf(logicalId)).ref(this.facts(logicalId));
  }

  /** What a resource's ids and attributes depend on. */
  facts(logicalId: string): ResourceFacts {
    const { generation, version } = this.historyOf(logicalId);
    return {
      place: this.settings.place,
      stackName: this.name,
      logicalId,
      seed: JSON.stringify([this.id, logicalId, generation]),
      version,
      property: (name) => this.property(logicalId, name),
    };
  }

  property(logicalId: string, name: string): unknown {
    const value = this.#resolve(this.#resource(logicalId).Properties?.[name], `${logicalId}.${name}`);
    return value === NO_VALUE ? undefined : value;
  }

  attribute(logicalId: string, name: string): string {
    const type = this.typeNameOf(logicalId);
    const attribute = typeOf(type).attributes?.[name];
    if (attribute === undefined) throw new TemplateError(`the attribute ${name} of ${type} is not known here (${logicalId})`);
    return attribute(this.facts(logicalId));
  }

  /** How CloudFormation changes what belongs to a resource that is updated. */
  updatePolicy(logicalId: string): Readonly<Record<string, unknown>> {
    return this.#resolve(this.#resource(logicalId).UpdatePolicy ?? {}, `${logicalId}.UpdatePolicy`) as Record<string, unknown>;
  }

  /** What the stack exports, by the name of the export. */
  exports(): Record<string, unknown> {
    const outputs = Object.entries(this.settings.template.Outputs ?? {}).filter(([, output]) => output.Export && this.#isWanted(output));
    return Object.fromEntries(outputs.map(([id, output]) => [String(this.#resolve(output.Export!.Name, id)), this.#resolve(output.Value, id)]));
  }

  #resource(logicalId: string): Resource {
    const resource = this.settings.template.Resources?.[logicalId];
    if (resource !== undefined && this.#isWanted(resource)) return resource;
    throw new TemplateError(`the stack ${this.name} has no resource or parameter ${JSON.stringify(logicalId)}`);
  }

  #isWanted({ Condition: condition }: Resource | Output): boolean {
    return condition === undefined || this.#holds(condition);
  }

  #holds(condition: string): boolean {
    const { Conditions: conditions = {} } = this.settings.template;
    if (!Object.hasOwn(conditions, condition)) throw new TemplateError(`the condition ${condition} is not known in ${this.name}`);
    return this.#resolve(conditions[condition], condition) === true;
  }

  #mapped(mapping: string, first: string, second: string): unknown {
    const value = this.settings.template.Mappings?.[mapping]?.[first]?.[second];
    if (value === undefined) throw new TemplateError(`the mapping ${mapping} of ${this.name} has nothing at ${first}, ${second}`);
    return value;
  }

  #resolve(value: unknown, where: string): unknown {
    const surroundings: Surroundings = {
      region: this.settings.place.region,
      ref: (name) => this.#ref(name),
      attribute: (logicalId, name) => this.attribute(logicalId, name),
      imported: this.settings.imported,
      condition: (name) => this.#holds(name),
      mapped: (mapping, first, second) => this.#mapped(mapping, first, second),
    };
    try {
      return evaluate(value, surroundings);
    } catch (error) {
      if (error instanceof TemplateError && !error.message.includes(' <- ')) throw new TemplateError(`${error.message} <- ${this.name}/${where}`);
      throw error;
    }
  }

  #ref(name: string): unknown {
    if (name.startsWith('AWS::')) return pseudoParameter(name, { id: this.id, name: this.name, place: this.settings.place });
    const parameter = this.settings.template.Parameters?.[name];
    if (parameter === undefined) return this.physicalId(name);
    const value = this.settings.parameters?.[name] ?? parameter.Default;
    if (value === undefined) throw new TemplateError(`the parameter ${name} of ${this.name} has no default and was given no value`);
    return parameter.Type.startsWith('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>') && value.startsWith('/') ? `ami-${hexId(17, value)}` : value;
  }
}
