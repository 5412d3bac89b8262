/** Runs the `main.ts` of examples as `cdk` would, each with a folder of its own for what it synthesizes. usage: mains.ts OUTPUT EXAMPLE... */
import { join } from 'node:path';

async function run(output: string, examples: string[]): Promise<void> {
  for (const example of examples) {
    process.env.CDK_OUTDIR = join(output, example);
    await import(join(__dirname, '..', '..', 'examples', example, 'main.ts'));
  }
}

const [output, ...examples] = process.argv.slice(2);
void run(output!, examples);
