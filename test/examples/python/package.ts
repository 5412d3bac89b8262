import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..', '..');
const PACMAK = join(ROOT, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak');

/**
 * Generates the Python package from the assembly that `npm run compile` made, and no more of it than its code.
 * @returns the folder that Python imports it from
 */
export async function generatePythonPackage(folder: string): Promise<string> {
  const [source, output] = [join(folder, 'source'), join(folder, 'output')];
  await mkdir(source, { recursive: true });
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await Promise.all([
    writeFile(join(source, 'package.json'), JSON.stringify({ ...manifest, files: ['.jsii', '.jsii.gz'], bin: undefined, scripts: undefined })),
    // The first only says that the second is it.
    ...['.jsii', '.jsii.gz'].map((name) => cp(join(ROOT, name), join(source, name))),
    writeFile(join(source, 'README.md'), ''),
    symlink(join(ROOT, 'node_modules'), join(source, 'node_modules')),
  ]);
  await promisify(execFile)(process.execPath, [PACMAK, '--code-only', '--targets', 'python', '--outdir', output, '--no-npmignore', source], {
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  return join(output, 'python', 'src');
}
