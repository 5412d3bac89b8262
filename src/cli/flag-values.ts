import { explainBadPrefix } from '../descriptor';

/** Why a value cannot be taken. Who reads it puts the name of the flag or the variable before it. */
export class BadValue extends Error {}

/** @throws BadValue */
export type Reader<Value> = (text: string) => Value;

export const readPort: Reader<number> = (text) => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new BadValue('expected a port from 1 to 65535, or 0 for any free one');
  return port;
};

export const readSeconds: Reader<number> = (text) => {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86400) throw new BadValue('expected seconds, more than 0 and at most 86400');
  return seconds;
};

export function countBetween(least: number, most: number): Reader<number> {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < least || count > most) throw new BadValue(`expected a whole number from ${least} to ${most}`);
    return count;
  };
}

export const readPrefix: Reader<string> = (text) => {
  const why = explainBadPrefix(text);
  if (why) throw new BadValue(why);
  return text;
};

export const readSwitch: Reader<boolean> = (text) => {
  if (['1', 'true'].includes(text)) return true;
  if (['0', 'false'].includes(text)) return false;
  throw new BadValue('expected 1, true, 0 or false');
};

export function oneOf<Value extends string>(values: readonly Value[]): Reader<Value> {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new BadValue(`expected ${values.join(' or ')}`);
    return found;
  };
}

export function matching(pattern: RegExp, expected: string): Reader<string> {
  return (text) => {
    if (!pattern.test(text)) throw new BadValue(`expected ${expected}`);
    return text;
  };
}
