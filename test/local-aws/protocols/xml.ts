import { XMLBuilder } from 'fast-xml-parser';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true });

/** One document with one root, which may carry a namespace. */
export function xml(root: string, namespace: string | undefined, content: object): string {
  const attributes = namespace === undefined ? {} : { '@xmlns': namespace };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...attributes, ...plain(content) as object } })}`;
}

/** Dates are written as ISO 8601; what is undefined is left out. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, plain(member)]));
}
