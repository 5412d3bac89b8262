import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export type Program = 'aws' | 'session-manager-plugin';

/** Programs of the official client, stood in for, in a folder to be put on PATH. */
export async function buildStandIns(...programs: Program[]): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'connect-stand-in-'));
  for (const program of programs) {
    const outfile = join(folder, program);
    await build({
      entryPoints: [join(__dirname, `${program}.ts`)],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      banner: { js: `#!${process.execPath}` },
      logLevel: 'warning',
    });
    await chmod(outfile, 0o755);
  }
  return { folder, remove: async () => rm(folder, { recursive: true, force: true }) };
}
