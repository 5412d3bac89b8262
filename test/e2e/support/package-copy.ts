import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './connect';

/** The built package as an installation has it, apart from this checkout. @returns its launcher */
export async function copyPackage(folder: string): Promise<string> {
  await mkdir(folder);
  for (const part of ['package.json', 'bin', 'lib/connect', 'lib/tunnel']) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  return join(folder, 'bin', 'connect');
}
