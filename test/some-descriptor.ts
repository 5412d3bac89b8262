import type { Descriptor } from '../src/descriptor';

/** A descriptor with all that one may hold. */
export const DESCRIPTOR: Descriptor = {
  version: 1,
  name: 'ahbodedb',
  mechanism: 'aws.ssm',
  account: '123456789012',
  region: 'us-east-1',
  bastion: { exid: 'vpc-main-bastion', instanceId: 'i-0abc' },
  target: { kind: 'rds-cluster', name: 'ahbodedb', engine: 'aurora-postgresql', port: 5432, database: 'app', host: { writer: 'w.example', reader: 'r.example' } },
  document: { writer: { name: 'W', fixed: true }, reader: { name: 'R', fixed: false } },
  credentials: { secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:x', iam: true },
};
