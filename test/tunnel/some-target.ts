import type { ResolvedTarget } from '../../src/tunnel/tunnel';

/** A target with a descriptor that hints at an instance. */
export const TARGET: ResolvedTarget = {
  name: 'ahbodedb',
  role: 'writer',
  account: '123456789012',
  region: 'us-east-1',
  engine: 'aurora-postgresql',
  host: 'old.internal',
  port: 5432,
  bastion: { exid: 'main', instanceId: 'i-1' },
  document: { name: 'D', fixed: false },
  foundBy: 'descriptor',
};
