import type { AwsContext, Log } from './context';
import { regionOf } from './region';

export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number; readonly throwOnRequestTimeout: true };
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

const clients = new Map<unknown, Map<string, unknown>>();

/** The one client of a class for a region and profile. */
export async function clientOf<Client>(Class: ClientClass<Client>, context: AwsContext): Promise<Client> {
  const [region, profile] = [await regionOf(Class, context), context.aws.profile];
  const ofClass = clients.get(Class) ?? new Map<string, unknown>();
  clients.set(Class, ofClass);
  const key = JSON.stringify([region, profile]);
  if (!ofClass.has(key)) ofClass.set(key, new Class({ ...CALL_SETTINGS, region, profile, logger: quietLogger(context) }));
  return ofClass.get(key) as Client;
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
