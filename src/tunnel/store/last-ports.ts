import { join } from 'node:path';
import { timeLimit } from '../../time-limit';
import { acquireLock } from '../lock';
import { isPort } from './shape';
import { readWhole, writeWhole } from './whole-file';

const FILE = 'last-ports.json';

/** The port that was last used for what the key names; undefined when none was. */
export function readLastPort(dir: string, key: string): number | undefined {
  const ports = readAll(dir);
  return Object.hasOwn(ports, key) && isPort(ports[key]) ? (ports[key] as number) : undefined;
}

/** Milliseconds: it is a courtesy, and the tunnel is open. */
const PATIENCE = 1_000;

/** What the keys name of which a port is remembered, that which was used last at the end. */
export function readKeysInOrderOfUse(dir: string): string[] {
  return Object.keys(readAll(dir));
}

/** Remembers a port, and that it was used just now, if it can. Takes turns with others who do, so that none forgets what another has just remembered. */
export async function writeLastPort(dir: string, key: string, port: number): Promise<void> {
  const release = await acquireLock({ dir, key: FILE, signal: timeLimit(PATIENCE) }).catch(() => undefined);
  if (!release) return;
  try {
    const { [key]: last, ...others } = readAll(dir);
    const isLast = last === port && readKeysInOrderOfUse(dir).at(-1) === key;
    if (!isLast) writeWhole(join(dir, FILE), JSON.stringify({ ...others, [key]: port }, undefined, 2) + '\n');
  } catch {
    // A full disk is no reason to say that the tunnel is not open.
  } finally {
    await release();
  }
}

/** A file that cannot be read is as good as none: it only makes ports stable. */
function readAll(dir: string): Record<string, unknown> {
  try {
    const ports: unknown = JSON.parse(readWhole(join(dir, FILE)));
    return typeof ports === 'object' && ports !== null && !Array.isArray(ports) ? (ports as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
