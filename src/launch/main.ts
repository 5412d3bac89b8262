import { join } from 'node:path';
import { EXIT_CODES } from '../problem';
import { CodeCache } from './code-cache';
import { refusalOf } from './oldest-node';
import { Program } from './program';

/** What a program of ours exports. */
interface Entry { main(program: Program): void }

/** Starts a program of this package: `cli`, or `worker`. */
export function launch(name: string): void {
  const refusal = refusalOf(process.versions.node);
  if (refusal !== undefined) {
    process.stderr.write(refusal);
    process.exitCode = EXIT_CODES.USAGE;
    return;
  }
  const program = new Program(CodeCache.of(join(__dirname, name)));
  (program.load(join(__dirname, `${name}.cjs`)) as Entry).main(program);
}

if (require.main === module) launch(process.argv[2]!);
