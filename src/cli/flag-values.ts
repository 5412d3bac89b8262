import { resolve } from 'node:path';
import { explainBadPrefix } from '../descriptor';

/** Why a value cannot be taken. Who reads it puts the name of the flag or the variable before it. */
export class BadValue extends Error {}

export interface Reader<Value> {
  /** @throws BadValue */
  (text: string): Value;
  /** What a project file may hold in this place, in the words of JSON Schema. @default - a text */
  readonly schema?: object;
}

export const readPort: Reader<number> = withSchema({ type: 'integer', minimum: 0, maximum: 65535 }, (text) => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new BadValue('expected a port from 1 to 65535, or 0 for any free one');
  return port;
});

export const readSeconds: Reader<number> = withSchema({ type: 'number', exclusiveMinimum: 0, maximum: 86400 }, (text) => {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86400) throw new BadValue('expected seconds, more than 0 and at most 86400');
  return seconds;
});

export function countBetween(least: number, most: number): Reader<number> {
  return withSchema({ type: 'integer', minimum: least, maximum: most }, (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < least || count > most) throw new BadValue(`expected a whole number from ${least} to ${most}`);
    return count;
  });
}

export const readPrefix: Reader<string> = withSchema({ type: 'string', pattern: '^/' }, (text) => {
  const why = explainBadPrefix(text);
  if (why) throw new BadValue(why);
  return text;
});

export const readSwitch: Reader<boolean> = withSchema({ type: 'boolean' }, (text) => {
  if (['1', 'true'].includes(text)) return true;
  if (['0', 'false'].includes(text)) return false;
  throw new BadValue('expected 1, true, 0 or false');
});

/** As a whole path, seen from the working directory. */
export const readPath: Reader<string> = (text) => {
  if (/[\p{Cc}]/u.test(text)) throw new BadValue('expected a path without control characters');
  return resolve(text);
};

export function oneOf<Value extends string>(values: readonly Value[]): Reader<Value> {
  return withSchema({ enum: values }, (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new BadValue(`expected ${values.join(' or ')}`);
    return found;
  });
}

export function matching(pattern: RegExp, expected: string): Reader<string> {
  return withSchema({ type: 'string', pattern: pattern.source }, (text) => {
    if (!pattern.test(text)) throw new BadValue(`expected ${expected}`);
    return text;
  });
}

function withSchema<Value>(schema: object, read: (text: string) => Value): Reader<Value> {
  return Object.assign(read, { schema });
}
