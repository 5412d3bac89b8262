/** Put in by the bundler: a bundled yargs would otherwise print the version of whatever package the user stands in. */
declare const __VERSION__: string | undefined;

export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';
