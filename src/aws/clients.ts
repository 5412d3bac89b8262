import type { AwsContext, Log } from './context';
import { type Agents, agentsForCalls } from './network';
import { regionOf } from './region';

interface RequestSettings extends Partial<Agents> {
  /** Milliseconds. */
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
}

export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: RequestSettings;
  /** Of the clients that credentials are got by: that of SSO would take nothing of ours by itself. */
  readonly clientConfig: { readonly requestHandler: RequestSettings };
  readonly logger: Log;
}

type ClientClass<Client> = new (settings: Partial<ClientSettings>) => Client & { readonly config: { region(): Promise<string> } };

const CALL_SETTINGS = {
  maxAttempts: 3,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  // A worker lives longer than a file of credentials stays the same.
  ignoreCache: true,
} as const;

interface ClientOfCaller {
  readonly caller?: number;
  readonly client: unknown;
}

const clients = new Map<unknown, Map<string, ClientOfCaller>>();

/** The one client of a class for a region and profile. That of a caller whom another has followed is forgotten. */
export async function clientOf<Client>(Class: ClientClass<Client>, context: AwsContext): Promise<Client> {
  const { aws: { profile, caller }, attempts: maxAttempts = CALL_SETTINGS.maxAttempts } = context;
  const region = await regionOf(Class, context);
  const ofClass = clients.get(Class) ?? new Map<string, ClientOfCaller>();
  clients.set(Class, ofClass);
  const key = JSON.stringify([region, profile, maxAttempts]);
  const known = ofClass.get(key);
  if (known && known.caller === caller) return known.client as Client;
  const requestHandler = { ...CALL_SETTINGS.requestHandler, ...await agentsForCalls() };
  const client = new Class({
    ...CALL_SETTINGS, maxAttempts, region, profile, requestHandler, clientConfig: { requestHandler }, logger: quietLogger(context),
  });
  ofClass.set(key, { caller, client });
  return client;
}

/** The SDK warns people on the console unless told otherwise, and tells a logger what was sent and what came, tokens among it. */
function quietLogger({ log }: AwsContext): Log {
  const ignore = () => undefined;
  return { debug: ignore, info: ignore, warn: (message) => log.debug(String(message)), error: ignore };
}

/** The next call reads the environment and the files of credentials anew. */
export function forgetClients(): void {
  clients.clear();
}
