import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const SOURCES = ['examples', 'resources', 'src/construct', 'src/descriptor.ts', 'src/engines.ts', 'src/index.ts', 'cdk.json', 'package-lock.json'];
const TEMPLATE = 'AhbodedbStack.template.json';

/** Synthesizes the example as `cdk deploy` would, offline. @returns the path of its template */
export async function synthesizeExample(folder: string): Promise<string> {
  const environment = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
  await promisify(execFile)(process.execPath, [CDK, 'synth', '--quiet', '--output', folder], { cwd: ROOT, env: environment });
  return join(folder, TEMPLATE);
}

/** The template of the example, synthesized once for each state of the sources it is made from. @returns its path */
export async function exampleTemplate(): Promise<string> {
  const folder = join(ROOT, '.cache', `example-${await hashOfSources()}`);
  if (!existsSync(folder)) {
    await mkdir(join(ROOT, '.cache'), { recursive: true });
    const draft = await mkdtemp(join(ROOT, '.cache', 'synth-'));
    try {
      await synthesizeExample(draft);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another test file may have been faster.
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, TEMPLATE);
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of await filesOf(join(ROOT, source))) hash.update(path.slice(ROOT.length)).update('\0').update(await readFile(path)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}
