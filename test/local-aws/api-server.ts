import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecureContextOptions } from 'node:tls';
import { authenticate } from './authentication';
import { AwsError } from './aws-error';
import type { Call, Calls } from './calls';
import type { Caller, Credentials } from './credentials';
import type { Fault, Faults } from './faults';
import { fieldsOf } from './protocols/form';
import type { ApiAnswer, ApiRequest } from './protocols/protocol';
import { deny, refuse, type ServiceName } from './refusals';
import type { Service } from './services/service';

export interface ApiParts {
  readonly services: readonly Service[];
  readonly credentials: Credentials;
  readonly calls: Calls;
  readonly faults: Faults;
  /** Ends the delays that are under way. */
  readonly closing: AbortSignal;
  /** Its key and certificate. @default - it speaks in plain */
  readonly tls?: SecureContextOptions;
}

/** The services that speak JSON are told apart by a header. */
const SERVICE_OF_TARGET: Readonly<Record<string, ServiceName>> = { AmazonSSM: 'ssm', secretsmanager: 'secretsmanager' };

/** The query services are told apart by the version of their API. */
const SERVICE_OF_VERSION: Readonly<Record<string, ServiceName>> = { '2016-11-15': 'ec2', '2014-10-31': 'rds', '2011-06-15': 'sts' };

/** Cuts the connection instead of answering. */
class LostConnection extends Error {}

/** One server for all services: it finds out which one is meant, who asks and what, and has it answered. */
export function apiServer(parts: ApiParts): Server {
  const listener: RequestListener = (request, response) => {
    answer(request, response, parts).catch(() => response.destroy());
  };
  return parts.tls ? createTlsServer(parts.tls, listener) : createServer(listener);
}

async function answer(incoming: IncomingMessage, response: ServerResponse, parts: ApiParts): Promise<void> {
  const request: ApiRequest = { method: incoming.method!, url: incoming.url!, headers: incoming.headers, body: await buffer(incoming) };
  const service = serviceOf(request, parts.services);
  if (service === undefined) {
    response.writeHead(404).end();
    return;
  }
  const requestId = randomUUID();
  const { status, contentType, body } = await serve(request, service, requestId, parts);
  response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': requestId }).end(body);
}

function serviceOf(request: ApiRequest, services: readonly Service[]): Service | undefined {
  const [target] = String(request.headers['x-amz-target'] ?? '').split('.') as [string];
  const name = SERVICE_OF_TARGET[target] ?? SERVICE_OF_VERSION[fieldsOf(request).get('Version') ?? ''];
  return services.find((service) => service.name === name);
}

async function serve(request: ApiRequest, service: Service, requestId: string, parts: ApiParts): Promise<ApiAnswer> {
  const { protocol } = service;
  const operation = protocol.operationOf(request);
  const call = parts.calls.begin({ service: service.name, operation, input: protocol.read(request) });
  try {
    const output = await perform(call, request, service, parts);
    parts.calls.end(call, 'succeeded');
    return protocol.write(operation, output, requestId);
  } catch (error) {
    if (error instanceof AwsError) {
      parts.calls.end(call, 'failed', error.code);
      return protocol.writeError(error, requestId);
    }
    parts.calls.end(call, 'lost');
    throw error;
  }
}

async function perform(call: Call, request: ApiRequest, service: Service, { credentials, faults, closing }: ApiParts): Promise<object> {
  const striking = faults.strike(call.operation);
  if (striking.some(({ kind }) => kind === 'drop')) throw new LostConnection();
  const { caller, ...refused } = authenticate(request, service.name, credentials);
  if (caller === undefined) throw refuse(service.name, refused.refusal!, 'message' in refused ? refused.message : undefined);
  Object.assign(call, { account: caller.account, region: caller.region });
  for (const fault of striking) await suffer(fault, call, caller, closing);
  const operation = Object.hasOwn(service.operations, call.operation) ? service.operations[call.operation] : undefined;
  if (operation === undefined) throw refuse(service.name, 'unknownOperation', `The action ${call.operation} is not valid for this endpoint.`);
  const output = operation(call.input, caller);
  if (striking.some(({ kind }) => kind === 'loseAnswer')) throw new LostConnection();
  return output;
}

async function suffer(fault: Fault, { service, operation }: Call, caller: Caller, closing: AbortSignal): Promise<void> {
  if (fault.kind === 'delay') await sleep(fault.ms, undefined, { signal: closing });
  if (fault.kind === 'error') throw new AwsError(fault.code, fault.message, fault.status);
  if (fault.kind === 'refusal') throw fault.refusal === 'denied' ? deny(service, operation, caller) : refuse(service, fault.refusal);
}
