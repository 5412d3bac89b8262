import * as fc from 'fast-check';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });

/** Any JSON value, and often one that a reader of texts and numbers expects. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }), anyText, fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, '', -1, 0, 65_536, 2 ** 53, [], {}),
);

/** Objects with some of these keys, the right values often, others else. */
export function objectWith(keys: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const often = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: anyValue });
  const parts = Object.entries(keys).map(([key, right]) => [key, often(right)] as const);
  return fc.record(Object.fromEntries(parts), { requiredKeys: [], noNullPrototype: true });
}

export function jsonOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  return value.map((each) => Buffer.from(JSON.stringify(each) ?? ''));
}
