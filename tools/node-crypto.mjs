import { readFileSync } from 'node:fs';

const RANDOM_ID = /[\\/]@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]serde[\\/]uuid[\\/]v4\.js$/;

/**
 * Each request has a random id, for which the SDK takes the global `crypto`. To touch that one has Node load all of Web Crypto;
 * the module of the same name has the same function.
 * @type {import('esbuild').Plugin}
 */
export const nodeCrypto = {
  name: 'node-crypto',
  setup({ onLoad }) {
    onLoad({ filter: RANDOM_ID }, ({ path }) => ({ contents: `import * as crypto from 'node:crypto';\n${readFileSync(path, 'utf8')}` }));
  },
};
