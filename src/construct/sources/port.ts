import { Token } from 'aws-cdk-lib';
import { engineOf } from '../../engines';

/** What says which port a resource of this app has. */
export interface PortFacts<T> {
  readonly resource: T & { readonly port?: number | string };
  readonly engine: string;
  /** The properties that name what it may have its port from, such as a snapshot. */
  readonly origins: readonly (keyof T)[];
  /** The attribute that says it once the resource is deployed. */
  readonly attribute: number | string;
}

/**
 * The port of a resource of this app, as a number where it can be known: that reads better in a template than a token, checks of security
 * group rules understand it, and no stack has to export it.
 */
export function portOf<T>({ resource, engine, origins, attribute }: PortFacts<T>): number {
  const { port } = resource;
  const isDefault = port === undefined && origins.every((origin) => resource[origin] === undefined);
  const known = isDefault ? engineOf(engine).defaultPort : numberIn(port);
  return known || Token.asNumber(attribute);
}

/** A token of a number may stand for one; from a token of a text none can be made. */
function numberIn(port: number | string | undefined): number | undefined {
  return typeof port === 'string' && Token.isUnresolved(port) ? undefined : Number(port ?? 0);
}
