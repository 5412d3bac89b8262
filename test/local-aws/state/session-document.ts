import { AwsError } from '../aws-error';
import type { SessionLimits } from '../gateway/limits';

export interface DocumentParameter {
  readonly type: string;
  readonly description?: string;
  readonly default?: string;
  readonly allowedPattern?: string;
}

/** The part of a document of type Session that port forwarding needs (schema 1.0). */
export interface SessionDocument {
  readonly schemaVersion: string;
  readonly sessionType: string;
  readonly description?: string;
  /** Minutes, as texts. */
  readonly inputs?: Readonly<Partial<Record<keyof SessionLimits, string>>>;
  readonly parameters?: Readonly<Record<string, DocumentParameter>>;
  readonly properties?: Readonly<Record<string, string>>;
}

/** What the agent is told to forward to. All values are texts. */
export interface PortProperties {
  readonly host: string;
  readonly portNumber: string;
  readonly localPortNumber: string;
  readonly type: string;
}

const PORT = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';

/** `AWS-StartPortForwardingSessionToRemoteHost`, as AWS publishes it; that host and port have to be given is ours, since no caller of ours means the defaults. */
export const REMOTE_HOST_DOCUMENT: SessionDocument = {
  schemaVersion: '1.0',
  sessionType: 'Port',
  parameters: {
    host: { type: 'String', allowedPattern: '^[^,$^&\\(\\)!;\'"<>`{}\\[\\]\\|#=]{3,}$' },
    portNumber: { type: 'String', allowedPattern: `^${PORT}$` },
    localPortNumber: { type: 'String', default: '0', allowedPattern: `^(0|${PORT})$` },
  },
  properties: { type: 'LocalPortForwarding', host: '{{ host }}', portNumber: '{{ portNumber }}', localPortNumber: '{{ localPortNumber }}' },
};

/** The preferences of an account that nobody has changed. */
const PREFERENCES: SessionLimits = { idleSessionTimeout: 20 };

/** How long the sessions of a document may last: what it says itself, else what the account prefers. */
export function limitsOf({ inputs = {} }: SessionDocument): SessionLimits {
  const own = Object.entries(inputs).filter(([, minutes]) => minutes !== '').map(([limit, minutes]) => [limit, Number(minutes)]);
  return { ...PREFERENCES, ...Object.fromEntries(own) };
}

/**
 * A document's properties with the caller's parameters in them.
 * @throws AwsError when the document is none for ports, or a parameter is undeclared, missing, or not as the document allows
 */
export function render(name: string, document: SessionDocument, given: Readonly<Record<string, readonly string[]>>): PortProperties {
  if (document.sessionType !== 'Port') throw new AwsError('InvalidDocument', `Document ${name} is not a session document of type Port.`);
  const declared = document.parameters ?? {};
  const undeclared = Object.keys(given).filter((key) => !Object.hasOwn(declared, key));
  if (undeclared.length > 0) throw invalid(`Parameters [${undeclared.join(', ')}] are not defined in document ${name}.`);
  const values = Object.fromEntries(Object.entries(declared).map(([key, { default: fallback, allowedPattern }]) => {
    const value = given[key]?.join(',') ?? fallback;
    if (value === undefined) throw invalid(`Parameter "${key}" requires an explicit value.`);
    if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) {
      throw invalid(`Parameter "${key}" has value "${value}" not matching "${allowedPattern}".`);
    }
    return [key, value];
  }));
  const properties = Object.entries(document.properties ?? {}).map(([key, template]) => [key, substitute(template, values)]);
  return { host: 'localhost', portNumber: '22', localPortNumber: '0', type: 'LocalPortForwarding', ...Object.fromEntries(properties) };
}

function substitute(template: string, values: Readonly<Record<string, string>>): string {
  return String(template).replace(/\{\{\s*([\w-]+)\s*\}\}/g, (whole, key: string) => values[key] ?? whole);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameters', message);
}
