// Makes a fresh clone ready: installs what the lockfile names, once for each lockfile. Needs Node and npm and nothing else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.installed-from');
const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing dependencies (npm ci)...');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`npm ci failed (${error?.message ?? `exit code ${status}`}). Check the network and \`npm config get registry\`, then run the command again.`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
