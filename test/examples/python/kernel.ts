import * as cdk from 'aws-cdk-lib';
import * as constructs from 'constructs';
import * as ours from '../../../src';

/** What a Python program asks for: a class or an object, and what of it. */
export interface KernelRequest {
  readonly on: { readonly type?: string; readonly ref?: number };
  /** Without it, `on` is a class to be instantiated. */
  readonly member?: string;
  /** Without them the member is read, and not called. */
  readonly args?: Value[];
  /** Whether to say only what kind of member it is. */
  readonly kind?: true;
}

interface Value {
  readonly value?: unknown;
  readonly ref?: number;
  readonly list?: Value[];
  readonly struct?: Record<string, Value>;
}

type Members = Record<string, unknown>;
type Class = new (...args: unknown[]) => unknown;

const PACKAGES: Readonly<Record<string, object>> = { 'aws-cdk-lib': cdk, 'constructs': constructs, 'tunnelable-rds-cluster': ours };

/** Does in JavaScript what a program in another language asks for, as the kernel of jsii does. */
export class Kernel {
  /** All that was made or handed out. What is asked for refers to it by its place. */
  readonly objects: unknown[] = [];

  answer(request: KernelRequest): unknown {
    try {
      return { value: this.toAnswer(this.carryOut(request)) };
    } catch (error) {
      return { error: (error as Error).message };
    }
  }

  private carryOut({ on, member, args, kind }: KernelRequest): unknown {
    const subject = on.type === undefined ? this.objects[on.ref!] : classOf(on.type);
    const values = args?.map((arg) => this.toValue(arg)) ?? [];
    if (member === undefined) return new (subject as Class)(...values);
    if (!(member in (subject as object))) throw new Error(`${on.type ?? (subject as object).constructor.name} has no ${member}`);
    const found = (subject as Members)[member];
    if (kind) return typeof found === 'function' ? 'function' : 'property';
    return args ? (found as (...given: unknown[]) => unknown).apply(subject, values) : found;
  }

  private toValue({ value, ref, list, struct }: Value): unknown {
    if (ref !== undefined) return this.objects[ref];
    if (list) return list.map((item) => this.toValue(item));
    if (struct) return Object.fromEntries(Object.entries(struct).map(([name, field]) => [name, this.toValue(field)]));
    return value ?? undefined;
  }

  private toAnswer(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.toAnswer(item));
    return typeof value === 'object' && value !== null ? { ref: this.objects.push(value) - 1 } : value;
  }
}

function classOf(type: string): unknown {
  const [name, ...path] = type.split('.');
  const found = path.reduce<unknown>((members, key) => (members as Members | undefined)?.[key], PACKAGES[name!]);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found;
}
