// Makes lib/connect/*.cjs and lib/tunnel/index.cjs from what jsii does not compile, the types of the library entry,
// and the licences of all that went in. What a command loads late (a dynamic import) is a file of its own; what several share is there once.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { leanSchemas } from './lean-schemas.mjs';
import { writeLicences } from './licences.mjs';
import { nodeCrypto } from './node-crypto.mjs';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const target = 'node20.16';

/** What is launched or required from outside: the names of these files are known elsewhere. */
const ENTRIES = {
  'connect/cli': 'src/cli/main.ts',
  'connect/worker': 'src/tunnel/worker/main.ts',
  'tunnel/index': 'src/tunnel/index.ts',
};
/** Loads the programs, and is needed before there is anything to share. */
const LAUNCHER = 'src/launch/main.ts';
const COMMON = { platform: 'node', target, legalComments: 'none' };

// esbuild shares code between files in ESM only, which Node starts more slowly: the files are made CommonJS one by one afterwards.
const { outputFiles, metafile } = await build({
  entryPoints: ENTRIES,
  outdir: 'lib',
  outExtension: { '.js': '.cjs' },
  chunkNames: 'connect/[name]-[hash]',
  ...COMMON,
  bundle: true,
  splitting: true,
  format: 'esm',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  metafile: true,
  write: false,
  logLevel: 'warning',
  // To ask whether there is such a thing has Node load all of its web streams, of which nobody here has a use.
  define: { __VERSION__: JSON.stringify(version), ReadableStream: 'undefined' },
  plugins: [leanSchemas, nodeCrypto],
  absWorkingDir: root,
});

rmSync(join(root, 'lib/connect'), { recursive: true, force: true });
for (const { path, text } of outputFiles) {
  // A dynamic import becomes a `require` too, that of Node's own modules among it: imported, node:http would load all that it has lazily.
  const { code } = await transform(text, { ...COMMON, format: 'cjs', minify: true, supported: { 'dynamic-import': false } });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}
await build({ ...COMMON, entryPoints: [LAUNCHER], outfile: 'lib/connect/launch.cjs', bundle: true, format: 'cjs', minify: true, absWorkingDir: root });

// `connect --help` prints this, and loads nothing to make it.
const { stdout: help } = await promisify(execFile)(process.execPath, [join(root, 'bin/connect'), '--help'], { env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' } });
writeFileSync(join(root, 'lib/connect/help.txt'), help.replace(/\n$/, ''));

writeLicences(root, Object.keys(metafile.inputs));

// The library entry's types stand alone: who installs the package has neither the SDK nor our other folders.
const types = await rollup({ input: join(root, ENTRIES['tunnel/index']), external: /^[^./]/, plugins: [dts({ tsconfig: join(root, 'tsconfig.json') })] });
await types.write({ file: join(root, 'lib/tunnel/index.d.ts') });
await types.close();
