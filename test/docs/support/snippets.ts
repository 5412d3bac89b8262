import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../e2e/support/connect';
import type { Block } from './pages';

const MODULES = { ec2: 'aws-ec2', elasticache: 'aws-elasticache', iam: 'aws-iam', kms: 'aws-kms', rds: 'aws-rds' };

/** What the snippets of the pages take for granted: the usual imports, and what is at hand in a stack. */
const SURROUNDINGS = `
import * as cdk from 'aws-cdk-lib/core';
${Object.entries(MODULES).map(([name, path]) => `import * as ${name}_ from 'aws-cdk-lib/${path}';`).join('\n')}
import * as construct from 'tunnelable-rds-cluster';
declare global {
  ${Object.keys(MODULES).map((name) => `const ${name}: typeof ${name}_;`).join('\n  ')}
  ${['Annotations', 'CfnOutput', 'Duration', 'Stack'].map((name) => `const ${name}: typeof cdk.${name};`).join('\n  ')}
  ${['TunnelableRdsCluster', 'TunnelBastion', 'TunnelTarget', 'TunnelSource', 'TunnelSessionDocument'].map((name) => `const ${name}: typeof construct.${name};`).join('\n  ')}
  const vpc: ec2_.IVpc;
  const cluster: rds_.IDatabaseCluster, orders: rds_.IDatabaseCluster, users: rds_.IDatabaseCluster;
  const engine: rds_.IClusterEngine, writer: rds_.IClusterInstance;
  const valkey: elasticache_.CfnReplicationGroup, securityGroups: ec2_.ISecurityGroup[], securityGroup: ec2_.ISecurityGroup;
  const developers: iam_.Role, role: iam_.Role;
  const bastion: construct.TunnelBastion, tunnel: construct.TunnelableRdsCluster;
}
`;

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
  paths: {
    // Its core alone, since all of it is a million lines of types.
    'aws-cdk-lib': [join(ROOT, 'node_modules/aws-cdk-lib/core')],
    'tunnelable-rds-cluster': [join(ROOT, 'src/index.ts')],
    'tunnelable-rds-cluster/tunnel': [join(ROOT, 'lib/tunnel/index.d.ts')],
  },
};

/** Compiles the snippets, each within a stack of its own. @returns what the compiler says of each that it does not take */
export function compile(blocks: readonly Block[]): string[] {
  const files = new Map(blocks.map((block, index) => [join(ROOT, `snippet-${index}.ts`), sourceOf(block)]));
  files.set(join(ROOT, 'surroundings.ts'), SURROUNDINGS);
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files.keys()].flatMap((path, index) => {
    const source = program.getSourceFile(path);
    const where = blocks[index] ? `${blocks[index].page}:${blocks[index].line}` : 'the surroundings';
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText }) => `${where}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

function sourceOf({ text }: Block): string {
  const lines = text.split('\n');
  const isImport = (line: string): boolean => line.startsWith('import ');
  return [
    ...lines.filter(isImport),
    'export async function snippet(this: import("aws-cdk-lib").Stack): Promise<void> {',
    ...lines.filter((line) => !isImport(line)),
    '}',
  ].join('\n');
}
