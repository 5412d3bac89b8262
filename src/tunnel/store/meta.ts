import { shown } from '../../descriptor';
import type { ProcessIdentity } from '../process-identity';
import { type LiveTunnel, LOOPBACK, type ResolvedTarget, type TunnelView } from '../tunnel';
import { firstMismatch, isFlag, isText, oneOf, optional, PROCESS, type Shape } from './shape';
import { TARGET } from './target-shape';

export const META_VERSION = 1;

/** What a tunnel's `.meta` file holds: all of the tunnel that outlives its worker, and the worker. */
export interface TunnelMeta extends Omit<TunnelView, 'status' | 'pid' | 'sessionId' | keyof LiveTunnel> {
  readonly version: typeof META_VERSION;
  readonly document: ResolvedTarget['document'];
  readonly foundBy: ResolvedTarget['foundBy'];
  readonly prefix?: string;
  readonly worker: ProcessIdentity;
  /** The sessions that are open, to be terminated should the worker die. */
  readonly sessionIds: readonly string[];
  /** The programs that carry sessions for the worker, and must not outlive it. */
  readonly children: readonly ProcessIdentity[];
}

const META: { readonly [key in keyof Omit<TunnelMeta, 'version'>]-?: Shape } = {
  ...TARGET,
  host: oneOf(LOOPBACK),
  profile: optional(isText),
  remote: { host: TARGET.host, port: TARGET.port },
  bastion: { exid: isText, instanceId: isText },
  transport: oneOf('native', 'aws-cli'),
  shared: optional(isFlag),
  unixSockets: optional([isText]),
  openedAt: isText,
  worker: PROCESS,
  sessionIds: [isText],
  children: [PROCESS],
};

export function serializeMeta(meta: TunnelMeta): string {
  return JSON.stringify(meta, undefined, 2) + '\n';
}

/** Reads what a `.meta` file holds. @throws Error that says why it holds no tunnel that this release understands */
export function parseMeta(text: string): TunnelMeta {
  if (text.trim() === '') throw new Error('it is empty');
  const json = parseJson(text);
  const version = typeof json === 'object' && json !== null ? (json as { version?: unknown }).version : undefined;
  if (version !== META_VERSION) throw new Error(`it is of version ${shown(version)}, this release reads version ${META_VERSION}`);
  const mismatch = firstMismatch(json, META);
  if (mismatch !== undefined) throw new Error(`its "${mismatch}" is not as it should be`);
  return json as TunnelMeta;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON, or cut short');
  }
}
