import { createHash } from 'node:crypto';

/** The same for all processes of this user that mean the same lock, and no other. */
export function lockName(dir: string, key: string): string {
  return `connect-${createHash('sha256').update(JSON.stringify([process.getuid?.(), dir, key])).digest('hex').slice(0, 32)}`;
}
