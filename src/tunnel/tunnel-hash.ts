import { createHash } from 'node:crypto';

export interface TunnelEnds {
  readonly instanceId: string;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly localPort: number;
}

/** 16 hex digits that name a tunnel's files, and nothing else: the same target may be found elsewhere tomorrow. */
export function getTunnelHash({ instanceId, remoteHost, remotePort, localPort }: TunnelEnds): string {
  return createHash('sha256').update(`${instanceId}:${remoteHost}:${remotePort}:${localPort}`).digest('hex').slice(0, 16);
}
