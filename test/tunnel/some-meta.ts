import { identifyProcess } from '../../src/tunnel/process-identity';
import type { TunnelMeta } from '../../src/tunnel/store';

/** What the files of a tunnel say, of a worker that is this process. */
export function someMeta(changes: Partial<TunnelMeta> = {}): TunnelMeta {
  return {
    version: 1,
    name: 'ahbodedb',
    role: 'writer',
    host: '127.0.0.1',
    port: 15432,
    account: '123456789012',
    region: 'eu-central-1',
    engine: 'aurora-postgresql',
    remote: { host: 'writer.example', port: 5432 },
    bastion: { exid: 'vpc-main-bastion', instanceId: 'i-0abc' },
    transport: 'native',
    openedAt: '2026-01-01T00:00:00.000Z',
    document: { name: 'Doc', fixed: true },
    foundBy: 'descriptor',
    worker: identifyProcess(process.pid)!,
    sessionIds: ['me-0123'],
    children: [],
    ...changes,
  };
}
