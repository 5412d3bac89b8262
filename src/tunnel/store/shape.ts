import type { ProcessIdentity } from '../process-identity';

type Check = (value: unknown) => boolean;
/** What a JSON value must look like: a check, an object of shapes (other keys are ignored), or an array of one shape for all elements. */
export type Shape = Check | { readonly [key: string]: Shape } | readonly [Shape];

export const isText: Check = (value) => typeof value === 'string' && value !== '';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isPid: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
export const isTexts: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);
export const wholeFrom = (least: number, most: number): Check =>
  (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
export const isPort = wholeFrom(1, 65535);
export const oneOf = (...values: unknown[]): Check => (value) => values.includes(value);
export const optional = (shape: Shape): Check => (value) => value === undefined || firstMismatch(value, shape) === undefined;

export const PROCESS: { readonly [key in keyof ProcessIdentity]: Check } = { pid: isPid, startedAt: isText, bootId: isText, pidNamespace: isText };

/** The path of the first value that is not as its shape says; undefined when all are. */
export function firstMismatch(value: unknown, shape: Shape, path: string = ''): string | undefined {
  if (typeof shape === 'function') return shape(value) ? undefined : path;
  const isArray = Array.isArray(shape);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== isArray) return path;
  const parts = isArray ? (value as unknown[]).map((_, at) => [at, shape[0]] as const) : Object.entries(shape);
  for (const [key, part] of parts) {
    const mismatch = firstMismatch((value as Record<string, unknown>)[key], part as Shape, path === '' ? String(key) : `${path}.${key}`);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}
