import { createHash } from 'node:crypto';

/** Whose resources, and where: nothing in one place knows of another. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.account === b.account && a.region === b.region;
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function urlSuffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

export function arn(place: Place, service: string, resource: string): string {
  return `arn:${partitionOf(place.region)}:${service}:${place.region}:${place.account}:${resource}`;
}

/** Ids are made from what they name, so that two runs over one template agree. */
export function hexId(length: number, ...of: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, length);
}

export function uuidId(...of: readonly unknown[]): string {
  return hexId(32, ...of).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The kind of id that CloudFormation appends to names it makes up. */
export function upperId(length: number, ...of: readonly unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(of)).digest();
  return [...digest.subarray(0, length)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'[byte % 36]).join('');
}
