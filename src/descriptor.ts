/**
 * What the two halves agree on: the SSM parameter in which the construct describes a target, and from which `connect` reads it.
 * Imports nothing, so that both halves can have it.
 */

/** The only version of the descriptor that this release writes and reads. */
export const DESCRIPTOR_VERSION = 1;

/** The folder of parameters that descriptors live in, unless an app or a flag says otherwise. */
export const DEFAULT_PREFIX = '/tunnelable-rds';

/** The tag by which a bastion is found: its external id. */
export const EXID_TAG = 'exid';

/** The document of AWS that forwards to any host and port it is given. */
export const AWS_OWNED_DOCUMENT = 'AWS-StartPortForwardingSessionToRemoteHost';

/** Words that `connect` understands as commands: no target may be called so. */
export const RESERVED_NAMES: readonly string[] = [
  'open', 'status', 'close', 'list', 'targets', 'logs', 'doctor', 'completion', 'psql', 'mysql', 'redis-cli', 'shell', 'url', 'config', 'help', 'version',
];

export type Role = 'writer' | 'reader';
export const ROLES: readonly Role[] = ['writer', 'reader'];

export interface DescriptorDocument {
  readonly name: string;
  /** Whether the document fixes host and port itself, and takes neither as a parameter. */
  readonly fixed: boolean;
}

export interface Descriptor {
  readonly version: typeof DESCRIPTOR_VERSION;
  readonly name: string;
  readonly mechanism: 'aws.ssm';
  readonly account: string;
  readonly region: string;
  readonly bastion: {
    readonly exid: string;
    /** A hint, which may be stale: the tag is the truth. */
    readonly instanceId?: string;
  };
  readonly target: {
    readonly kind: string;
    readonly name: string;
    readonly engine: string;
    readonly port: number;
    readonly database?: string;
    readonly host: { readonly writer: string; readonly reader?: string };
  };
  readonly document: { readonly writer: DescriptorDocument; readonly reader?: DescriptorDocument };
  readonly credentials?: { readonly secretArn?: string; readonly iam?: boolean };
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const PREFIX = /^(\/[A-Za-z0-9_.-]+){1,13}$/;

/** Why a name cannot be a target's; undefined when it can. */
export function explainBadName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > 128) return `it has ${name.length} characters, at most 128 are allowed`;
  if (!NAME.test(name)) return 'it must start with a letter or digit and hold only letters, digits, "_", "." and "-"';
  if (RESERVED_NAMES.includes(name)) return 'the name is reserved for a command of `connect`';
  return undefined;
}

/** Why a prefix cannot hold descriptors; undefined when it can. */
export function explainBadPrefix(prefix: string): string | undefined {
  if (!PREFIX.test(prefix)) return 'it must look like "/folder" or "/folder/folder", of letters, digits, "_", "." and "-"';
  if (/^\/(aws|ssm)/i.test(prefix)) return 'Parameter Store keeps names that start with "aws" or "ssm" to itself';
  return undefined;
}

/** The name of the SSM parameter that holds a target's descriptor. */
export function descriptorParameterName(name: string, prefix: string = DEFAULT_PREFIX): string {
  return `${prefix}/${name}`;
}

export function serializeDescriptor(descriptor: Descriptor): string {
  return JSON.stringify(descriptor);
}

/** Why a text is no descriptor that this release understands. */
export class DescriptorError extends Error {
  readonly name = 'DescriptorError';
  constructor(message: string, readonly foundVersion?: number) {
    super(message);
  }
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isPort: Check = (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535;
const isFlag: Check = (value) => typeof value === 'boolean';
const optional = (check: Check): Check => (value) => value === undefined || check(value);

/** Every key that a reader relies on, and what it must hold. Keys that are not here are ignored. */
const SCHEMA: readonly [path: string, check: Check, expected: string][] = [
  ['name', isText, 'a text'],
  ['mechanism', (value) => value === 'aws.ssm', '"aws.ssm"'],
  ['account', (value) => typeof value === 'string' && /^\d{12}$/.test(value), 'an account of 12 digits'],
  ['region', isText, 'a text'],
  ['bastion.exid', isText, 'a text'],
  ['bastion.instanceId', optional(isText), 'a text'],
  ['target.kind', isText, 'a text'],
  ['target.name', isText, 'a text'],
  ['target.engine', isText, 'a text'],
  ['target.port', isPort, 'a port from 1 to 65535'],
  ['target.database', optional(isText), 'a text'],
  ['target.host.writer', isText, 'a text'],
  ['target.host.reader', optional(isText), 'a text'],
  ['document.writer.name', isText, 'a text'],
  ['document.writer.fixed', isFlag, 'true or false'],
  ['credentials.secretArn', optional(isText), 'a text'],
  ['credentials.iam', optional(isFlag), 'true or false'],
];
const READER_DOCUMENT_SCHEMA: typeof SCHEMA = [
  ['document.reader.name', isText, 'a text'],
  ['document.reader.fixed', isFlag, 'true or false'],
];

/**
 * Reads a descriptor.
 * @throws DescriptorError that names the first key that is not as it should be, or the version that is not understood.
 */
export function parseDescriptor(text: string): Descriptor {
  const json = parseObject(text);
  if (json.version !== DESCRIPTOR_VERSION) {
    throw new DescriptorError(`it is of version ${shown(json.version)}, this release reads version ${DESCRIPTOR_VERSION}`,
      typeof json.version === 'number' ? json.version : undefined);
  }
  const hasReader = at(json, 'document.reader') !== undefined;
  for (const [path, check, expected] of hasReader ? [...SCHEMA, ...READER_DOCUMENT_SCHEMA] : SCHEMA) {
    if (!check(at(json, path))) throw new DescriptorError(`its "${path}" is ${shown(at(json, path))}, expected ${expected}`);
  }
  return json as unknown as Descriptor;
}

const LONGEST_SHOWN = 100;

/** A value as a message can hold it: anybody may have written it, as deep and as long as he liked. */
export function shown(value: unknown): string {
  try {
    return String(JSON.stringify(value)).slice(0, LONGEST_SHOWN);
  } catch {
    return 'too deep to be shown';
  }
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DescriptorError('it is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new DescriptorError('it is not a JSON object');
  return json as Record<string, unknown>;
}

function at(json: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined), json);
}
