// Makes lib/connect/*.cjs and lib/tunnel/index.cjs from what jsii does not compile, the types of the library entry,
// and the licences of all that went in. A dynamic import of an entry is a boundary between bundles: it is loaded when it is needed.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { writeLicences } from './licences.mjs';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const ENTRIES = {
  'src/cli/main.ts': 'lib/connect/cli.cjs',
  'src/tunnel/worker/main.ts': 'lib/connect/worker.cjs',
  'src/aws/hot-path.ts': 'lib/connect/ssm.cjs',
  'src/aws/slow-path.ts': 'lib/connect/lookup.cjs',
  'src/tunnel/index.ts': 'lib/tunnel/index.cjs',
};

/** @returns {import('esbuild').Plugin} */
function boundaries(outfile) {
  return {
    name: 'bundle-boundaries',
    setup({ onResolve, resolve: resolveImport }) {
      onResolve({ filter: /^\.\.?(\/|$)/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === 'resolving' || importer.includes('node_modules')) return undefined;
        const found = await resolveImport(path, { kind, importer, resolveDir, pluginData: 'resolving' });
        const entry = ENTRIES[relative(root, found.path)];
        if (!entry) return undefined;
        const target = relative(dirname(resolve(root, outfile)), resolve(root, entry));
        return { path: target.startsWith('.') ? target : `./${target}`, external: true };
      });
    },
  };
}

const results = await Promise.all(Object.entries(ENTRIES).map(([entry, outfile]) => build({
  entryPoints: [join(root, entry)],
  outfile: join(root, outfile),
  bundle: true,
  platform: 'node',
  target: 'node20.16',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [boundaries(outfile)],
  absWorkingDir: root,
})));

writeLicences(root, results.flatMap(({ metafile }) => Object.keys(metafile.inputs)));

// The library entry's types stand alone: who installs the package has neither the SDK nor our other folders.
const types = await rollup({ input: join(root, 'src/tunnel/index.ts'), external: /^[^./]/, plugins: [dts({ tsconfig: join(root, 'tsconfig.json') })] });
await types.write({ file: join(root, 'lib/tunnel/index.d.ts') });
await types.close();
