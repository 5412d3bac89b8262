import { readFileSync } from 'node:fs';

const SCHEMAS = /[\\/]client-[a-z0-9-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const CONSTANT = /^const (_\w+) = ("[^"\n]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/**
 * The SDK's clients have one table of all that their service knows: for EC2, a megabyte. esbuild leaves out what no command of ours names
 * as soon as its keys are literal: for all it knows, a computed one might call something.
 * @type {import('esbuild').Plugin}
 */
export const leanSchemas = {
  name: 'lean-schemas',
  setup({ onLoad }) {
    onLoad({ filter: SCHEMAS }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const texts = new Map([...source.matchAll(CONSTANT)].map(([, name, text]) => [name, text]));
      return { contents: source.replaceAll(COMPUTED_KEY, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key)) };
    });
  },
};
