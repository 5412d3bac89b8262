// Runs the end-to-end tests with each Node that the package supports, installed from the registry.
// npm run test:nodes [-- MAJOR ...] [-- JEST ARGUMENTS]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const ALL = ['20', '22', '24', '26'];
const root = join(import.meta.dirname, '..');

const words = process.argv.slice(2);
const majors = words.filter((word) => /^\d+$/.test(word));
const jestArguments = words.filter((word) => !/^\d+$/.test(word));

/** The registry has Node's own builds, a package for each platform. */
function install(major) {
  const folder = join(root, '.cache', `node-${major}`);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(program)) {
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${major}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return program;
}

const results = (majors.length > 0 ? majors : ALL).map((major) => {
  const program = install(major);
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\n== Node ${version}`);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { status } = spawnSync(program, [jest, '--ci', ...(jestArguments.length > 0 ? jestArguments : ['test/e2e'])], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}`, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  return { version, passed: status === 0 };
});

console.log(`\n${results.map(({ version, passed }) => `${version.padEnd(10)} ${passed ? 'passed' : 'FAILED'}`).join('\n')}`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
