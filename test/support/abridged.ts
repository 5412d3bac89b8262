/**
 * A template for reading: without what the CDK puts into every VPC and without the script of a bastion, which tests of its own hold,
 * and with texts that are joined at deployment in one piece.
 */
export function abridged(value: any): any {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(abridged);
  if (value['Fn::Join']) return joined(value['Fn::Join']);
  return Object.fromEntries(Object.entries(value)
    .filter(([key]) => !/^Vpc.*[0-9A-F]{8}$/.test(key))
    .map(([key, inner]) => [key, key === 'UserData' ? '...' : abridged(inner)]));
}

function joined([delimiter, parts]: [string, any[]]): string {
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt']?.join('.') ?? JSON.stringify(part)}>`)).join(delimiter);
}
