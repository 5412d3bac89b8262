import { join } from 'node:path';
import { CodeCache } from './code-cache';
import { Program } from './program';

/** What a program of ours exports. */
interface Entry { main(program: Program): void }

/** Starts a program of this package: `cli`, or `worker`. */
export function launch(name: string): void {
  const program = new Program(CodeCache.of(join(__dirname, name)));
  (program.load(join(__dirname, `${name}.cjs`)) as Entry).main(program);
}

if (require.main === module) launch(process.argv[2]!);
