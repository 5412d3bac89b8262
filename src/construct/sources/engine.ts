import { Token } from 'aws-cdk-lib';
import { ENGINES } from '../../engines';

/** @throws Error when an engine was passed that `connect` does not know: it would be no better than none. */
export function checkEngine(engine: string | undefined): void {
  if (engine === undefined || Token.isUnresolved(engine) || Object.hasOwn(ENGINES, engine)) return;
  throw new Error(`engine "${engine}" is not known; pass one of ${Object.keys(ENGINES).join(', ')}, or none`);
}
