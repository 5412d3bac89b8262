import { AwsError } from '../aws-error';
import type { SessionLimits } from '../gateway/limits';
import type { DocumentParameter, SessionDocument } from './session-document';

const SESSION_TYPES = ['Standard_Stream', 'InteractiveCommands', 'NonInteractiveCommands', 'Port'];
const KEYS = ['schemaVersion', 'description', 'sessionType', 'inputs', 'parameters', 'properties'];
const PORT_PROPERTIES = ['type', 'host', 'portNumber', 'localPortNumber'];
/** In minutes. */
const LONGEST: Readonly<Record<keyof SessionLimits, number>> = { idleSessionTimeout: 60, maxSessionDuration: 1440 };

/** What is wrong, if anything. */
type Finding = string | undefined;

/** What can be wrong with a document, in the order in which it is looked for. AWS has other words for it, which are not on record. */
const CHECKS: readonly ((document: SessionDocument) => Finding)[] = [
  ({ schemaVersion }) => (schemaVersion === '1.0' ? undefined : `schemaVersion is ${quoted(schemaVersion)}`),
  ({ sessionType }) => (SESSION_TYPES.includes(sessionType) ? undefined : `sessionType is ${quoted(sessionType)}`),
  (document) => firstOf(document, (key) => (KEYS.includes(key) ? undefined : `${key} is not known`)),
  ({ inputs = {} }) => firstOf(LONGEST, (limit, longest) => checkLimit(limit, inputs[limit], longest)),
  ({ parameters = {} }) => firstOf(parameters, checkParameter),
  ({ sessionType, properties = {} }) => (sessionType === 'Port' ? checkPortProperties(properties) : undefined),
  ({ parameters = {}, properties = {} }) => firstOf(properties, (key, value) => checkProperty(key, value, Object.keys(parameters))),
];

/** @throws AwsError when SSM would not take a document of this name and content */
export function checkDocument(name: string, document: SessionDocument): void {
  if (!/^[\w\-.]{3,128}$/.test(name)) throw new AwsError('ValidationException', `Value '${name}' at 'name' failed to satisfy constraint`);
  const wrong = CHECKS.map((check) => check(document)).find(Boolean);
  if (wrong !== undefined) throw new AwsError('InvalidDocumentContent', `${name}: ${wrong}`);
}

/** Whole minutes as a text; an empty one is none. */
function checkLimit(limit: string, minutes: unknown, longest: number): Finding {
  if (minutes === undefined || minutes === '') return undefined;
  return typeof minutes === 'string' && /^[1-9]\d*$/.test(minutes) && Number(minutes) <= longest ? undefined : `inputs.${limit} is ${quoted(minutes)}`;
}

function checkParameter(name: string, { type, default: fallback, allowedPattern }: DocumentParameter): Finding {
  if (type !== 'String') return `parameters.${name}.type is ${quoted(type)}`;
  if (fallback === undefined || allowedPattern === undefined || new RegExp(allowedPattern).test(fallback)) return undefined;
  return `parameters.${name}.default is not what its allowedPattern allows`;
}

function checkPortProperties(properties: Readonly<Record<string, string>>): Finding {
  if (properties.type !== 'LocalPortForwarding') return `properties.type is ${quoted(properties.type)}`;
  return firstOf(properties, (key) => (PORT_PROPERTIES.includes(key) ? undefined : `properties.${key} is not known`));
}

function checkProperty(key: string, value: unknown, declared: readonly string[]): Finding {
  if (typeof value !== 'string') return `properties.${key} is no text`;
  const undeclared = [...value.matchAll(/\{\{\s*([\w-]+)\s*\}\}/g)].map(([, parameter]) => parameter!).find((parameter) => !declared.includes(parameter));
  return undeclared && `properties.${key} refers to ${undeclared}, which is no parameter`;
}

function firstOf<Members extends object>(members: Members, look: (key: string & keyof Members, value: Members[keyof Members]) => Finding): Finding {
  const keys = Object.keys(members) as (string & keyof Members)[];
  return keys.map((key) => look(key, members[key])).find(Boolean);
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'not given';
}
