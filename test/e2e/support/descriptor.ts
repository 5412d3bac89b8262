import { DEFAULT_PREFIX, type Descriptor, descriptorParameterName, parseDescriptor } from '../../../src/descriptor';
import type { LocalAws } from '../../local-aws';
import type { Place } from '../../local-aws/place';

/** The descriptor that the example's construct wrote. */
export function exampleDescriptor(aws: LocalAws, place: Place = aws.home): Descriptor {
  return parseDescriptor(aws.parameters.find(place, descriptorParameterName('ahbodedb'))!.value);
}

/** Writes a descriptor that differs from the example's in some keys. */
export function putDescriptor(aws: LocalAws, changes: Partial<Descriptor>): void {
  const descriptor = { ...exampleDescriptor(aws), ...changes };
  aws.parameters.put(descriptorParameterName(descriptor.name), JSON.stringify(descriptor));
}

/** Writes anything at all where a descriptor is looked for. */
export function putText(aws: LocalAws, name: string, text: string): void {
  aws.parameters.put(`${DEFAULT_PREFIX}/${name}`, text);
}
