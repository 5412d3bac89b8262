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

/** What is started or required from outside: the names of these files are known elsewhere. */
const ENTRIES = {
  'connect/cli': 'src/cli/main.ts',
  'connect/worker': 'src/tunnel/worker/main.ts',
  'tunnel/index': 'src/tunnel/index.ts',
};
/** A dynamic import, as esbuild prints it. */
const LATE_IMPORT = /\bimport\(("\.{1,2}\/[\w./-]+\.cjs")\)/g;

/** The worker loads late from memory: src/tunnel/worker/late-modules.ts. All others load what is there. */
const LOAD_LATE = 'const loadLate = async (path) => (globalThis[Symbol.for("tunnelable-rds-cluster/late-modules")] ?? require)(path);\n';

// esbuild shares code between files in ESM only, which Node starts more slowly: the files are made CommonJS one by one afterwards.
const { outputFiles, metafile } = await build({
  entryPoints: ENTRIES,
  outdir: 'lib',
  outExtension: { '.js': '.cjs' },
  chunkNames: 'connect/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target,
  format: 'esm',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [leanSchemas, nodeCrypto],
  absWorkingDir: root,
});

rmSync(join(root, 'lib/connect'), { recursive: true, force: true });
for (const { path, text } of outputFiles) {
  const late = text.replace(LATE_IMPORT, 'loadLate($1)');
  if (/\bimport\(["'`]\./.test(late)) throw new Error(`a dynamic import in ${path} is spelt in a way that is not known here`);
  const { code } = await transform(late === text ? text : LOAD_LATE + late, { format: 'cjs', platform: 'node', target, minify: true, legalComments: 'none' });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}

// `connect --help` prints this, and loads nothing to make it.
const { stdout: help } = await promisify(execFile)(process.execPath, [join(root, 'bin/connect'), '--help']);
writeFileSync(join(root, 'lib/connect/help.txt'), help.replace(/\n$/, ''));

writeLicences(root, Object.keys(metafile.inputs));

// The library entry's types stand alone: who installs the package has neither the SDK nor our other folders.
const types = await rollup({ input: join(root, ENTRIES['tunnel/index']), external: /^[^./]/, plugins: [dts({ tsconfig: join(root, 'tsconfig.json') })] });
await types.write({ file: join(root, 'lib/tunnel/index.d.ts') });
await types.close();
