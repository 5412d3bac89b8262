import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** The SDK clients that a bundle of an entry would carry. */
function clientsIn(entry: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const metafile = join(folder, 'meta.json');
  try {
    execFileSync(join(root, 'node_modules/.bin/esbuild'), [
      entry, '--bundle', '--platform=node', '--main-fields=module,main', `--metafile=${metafile}`, `--outfile=${join(folder, 'out.cjs')}`, '--log-level=error',
    ], { cwd: root });
    const { inputs } = JSON.parse(readFileSync(metafile, 'utf8')) as { inputs: Record<string, unknown> };
    return [...new Set(Object.keys(inputs).flatMap((path) => /@aws-sdk\/(client-\w+)/.exec(path)?.[1] ?? []))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([['hot-path', ['client-ssm']], ['slow-path', ['client-ec2', 'client-rds', 'client-secrets', 'client-sts']]])('the bundle of the %s carries %j and no other client', (entry, clients) => {
  expect(clientsIn(`src/aws/${entry}.ts`)).toEqual(clients);
});
