import type { Caller } from '../credentials';
import type { Protocol } from '../protocols/protocol';
import type { ServiceName } from '../refusals';

/** Answers one call: from input as the protocol read it, to output as the protocol writes it. Throws AwsError to refuse. */
// Each operation knows the members of its own input; the table of all operations cannot.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Operation = (input: any, caller: Caller) => object;

export interface Service {
  readonly name: ServiceName;
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<string, Operation>>;
}
